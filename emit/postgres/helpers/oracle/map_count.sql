-- COUNT of a collection that is kept as jsonb (see map_item).
CREATE OR REPLACE FUNCTION godwit_oracle.map_count(map jsonb) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF map IS NULL THEN
    RAISE EXCEPTION 'ORA-06531: Reference to uninitialized collection' USING ERRCODE = 'ZZ51F';
  END IF;
  RETURN (SELECT count(*) FROM jsonb_object_keys(map) AS k(key) WHERE k.key <> '');
END
$$;
