-- A text that becomes an element of a collection by CAST(MULTISET(...)): one that is longer than the element type allows is an error that VALUE_ERROR
-- does not stand for (SQL Language Reference, CAST).
CREATE OR REPLACE FUNCTION godwit_oracle.fitting_element(value text, characters integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF length(value) > characters THEN
    RAISE EXCEPTION 'ORA-22814: attribute or element value is larger than specified in type' USING ERRCODE = 'ZZHLQ';
  END IF;
  RETURN value;
END
$$;
