-- An element of a collection that is kept as jsonb. An associative array is an object with its keys; a nested table is one with the numbers of its
-- places, and its last place under the empty key. A missing element is ORA-01403, one beyond the last place ORA-06533 (PL/SQL Language Reference,
-- Collection Variables).
CREATE OR REPLACE FUNCTION godwit_oracle.map_item(map jsonb, key text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  result jsonb := map -> key;
BEGIN
  IF result IS NOT NULL AND key <> '' THEN
    RETURN result;
  ELSIF map IS NULL THEN
    RAISE EXCEPTION 'ORA-06531: Reference to uninitialized collection' USING ERRCODE = 'ZZ51F';
  ELSIF key IS NULL OR key = '' THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error: NULL index table key value' USING ERRCODE = '22004';
  ELSIF map ? '' AND key::integer < 1 THEN
    RAISE EXCEPTION 'ORA-06532: Subscript outside of limit' USING ERRCODE = '2202E';
  ELSIF map ? '' AND key::integer > (map ->> '')::integer THEN
    RAISE EXCEPTION 'ORA-06533: Subscript beyond count' USING ERRCODE = 'ZZ51H';
  END IF;
  RAISE EXCEPTION 'ORA-01403: no data found' USING ERRCODE = 'P0002';
END
$$;
CREATE OR REPLACE FUNCTION godwit_oracle.map_item(map jsonb, key integer) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT godwit_oracle.map_item(map, key::text)
$$;
