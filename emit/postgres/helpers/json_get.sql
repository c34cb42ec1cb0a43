-- The value at a path of keys (".key") and positions ("[0]", "[last]"), NULL when there is none. Position 0 of what is no array is the value itself.
CREATE OR REPLACE FUNCTION godwit_mysql.json_get(document jsonb, path text[]) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  step text COLLATE "C";
BEGIN
  FOREACH step IN ARRAY path LOOP
    IF step LIKE '[%' AND jsonb_typeof(document) = 'array' THEN
      document := document -> CASE step WHEN '[last]' THEN -1 ELSE btrim(step, '[]')::integer END;
    ELSIF step IN ('[0]', '[last]') THEN
      CONTINUE;
    ELSIF jsonb_typeof(document) = 'object' AND step LIKE '.%' THEN
      document := document -> substr(step, 2);
    ELSE
      RETURN NULL;
    END IF;
  END LOOP;
  RETURN document;
END
$$;
