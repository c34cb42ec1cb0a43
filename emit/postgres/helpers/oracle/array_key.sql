-- needs: array_count
-- FIRST, LAST, NEXT and PRIOR of a nested table or varray without gaps, by name (PL/SQL Language Reference, Collection Methods).
CREATE OR REPLACE FUNCTION godwit_oracle.array_key(list anyarray, method text, place integer DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  size integer := godwit_oracle.array_count(list);
  result integer;
BEGIN
  IF method IN ('next', 'prior') AND place IS NULL THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error: NULL index table key value' USING ERRCODE = '22004';
  END IF;
  result := CASE method WHEN 'first' THEN 1 WHEN 'last' THEN size WHEN 'next' THEN greatest(place, 0) + 1 ELSE least(place - 1, size) END;
  RETURN CASE WHEN result BETWEEN 1 AND size THEN result END;
END
$$;
