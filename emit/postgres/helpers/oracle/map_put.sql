-- Assigns an element of a collection that is kept as jsonb (see map_item): an associative array takes any key, a nested table its own places.
CREATE OR REPLACE FUNCTION godwit_oracle.map_put(map jsonb, key text, value jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF map IS NULL THEN
    RAISE EXCEPTION 'ORA-06531: Reference to uninitialized collection' USING ERRCODE = 'ZZ51F';
  ELSIF key IS NULL OR key = '' THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error: NULL index table key value' USING ERRCODE = '22004';
  ELSIF map ? '' THEN
    IF key::integer < 1 THEN
      RAISE EXCEPTION 'ORA-06532: Subscript outside of limit' USING ERRCODE = '2202E';
    ELSIF key::integer > (map ->> '')::integer THEN
      RAISE EXCEPTION 'ORA-06533: Subscript beyond count' USING ERRCODE = 'ZZ51H';
    END IF;
  END IF;
  RETURN map || jsonb_build_object(key, coalesce(value, 'null'));
END
$$;
CREATE OR REPLACE FUNCTION godwit_oracle.map_put(map jsonb, key integer, value jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT godwit_oracle.map_put(map, key::text, value)
$$;
