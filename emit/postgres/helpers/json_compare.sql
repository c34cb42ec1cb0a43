-- Two documents in MySQL's order: -1, 0 or 1. null is below numbers, then come strings (by their bytes), objects, arrays, booleans.
CREATE OR REPLACE FUNCTION godwit_mysql.json_compare(a jsonb, b jsonb) RETURNS integer
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  kinds constant text[] := ARRAY['null', 'number', 'string', 'object', 'array', 'boolean'];
  ka constant integer := array_position(kinds, jsonb_typeof(a));
  kb constant integer := array_position(kinds, jsonb_typeof(b));
  ta text COLLATE "C";
  tb text COLLATE "C";
  c integer;
BEGIN
  IF ka <> kb THEN
    RETURN sign(ka - kb);
  ELSIF ka = 3 THEN
    ta := a #>> '{}';
    tb := b #>> '{}';
    RETURN CASE WHEN ta < tb THEN -1 WHEN ta > tb THEN 1 ELSE 0 END;
  ELSIF ka = 5 THEN
    FOR i IN 0 .. least(jsonb_array_length(a), jsonb_array_length(b)) - 1 LOOP
      c := godwit_mysql.json_compare(a -> i, b -> i);
      IF c <> 0 THEN
        RETURN c;
      END IF;
    END LOOP;
    RETURN sign(jsonb_array_length(a) - jsonb_array_length(b));
  END IF;
  RETURN CASE WHEN a < b THEN -1 WHEN a > b THEN 1 ELSE 0 END;
END
$$;
