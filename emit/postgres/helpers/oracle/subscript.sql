-- A place of a nested table or varray without gaps, if there is one: ORA-06531, ORA-06532 or ORA-06533 otherwise; top is the limit
-- of a varray (PL/SQL Language Reference, Predefined Exceptions).
CREATE OR REPLACE FUNCTION godwit_oracle.subscript(list anyarray, place integer, top integer DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF place BETWEEN 1 AND cardinality(list) THEN
    RETURN place;
  ELSIF list IS NULL THEN
    RAISE EXCEPTION 'ORA-06531: Reference to uninitialized collection' USING ERRCODE = 'ZZ51F';
  ELSIF place IS NULL THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error: NULL index table key value' USING ERRCODE = '22004';
  ELSIF place < 1 OR place > top THEN
    RAISE EXCEPTION 'ORA-06532: Subscript outside of limit' USING ERRCODE = '2202E';
  END IF;
  RAISE EXCEPTION 'ORA-06533: Subscript beyond count' USING ERRCODE = 'ZZ51H';
END
$$;
