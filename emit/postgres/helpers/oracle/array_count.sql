-- How many elements a nested table or varray has, COUNT (PL/SQL Language Reference, Collection Methods); ORA-06531 where it is not initialised.
CREATE OR REPLACE FUNCTION godwit_oracle.array_count(list anyarray) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF list IS NULL THEN
    RAISE EXCEPTION 'ORA-06531: Reference to uninitialized collection' USING ERRCODE = 'ZZ51F';
  END IF;
  RETURN cardinality(list);
END
$$;
