-- What a routine of DBMS_LOB is given for a LOB or a value of its: an error where it is NULL (PL/SQL Packages and Types Reference, DBMS_LOB, exceptions VALUE_ERROR and ORA-22275).
CREATE OR REPLACE FUNCTION godwit_oracle.lob_given(value anyelement) RETURNS anyelement
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF value IS NULL THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error: invalid LOB locator specified: ORA-22275' USING ERRCODE = '22003';
  END IF;
  RETURN value;
END
$$;
