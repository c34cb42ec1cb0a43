-- Raises the error of an assignment to an attribute of an object that is NULL (PL/SQL Language Reference, "Predefined Exceptions", ACCESS_INTO_NULL).
CREATE OR REPLACE FUNCTION godwit_oracle.check_object(object anyelement) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF object IS NOT DISTINCT FROM NULL THEN
    RAISE EXCEPTION 'ORA-06530: Reference to uninitialized composite' USING ERRCODE = 'ZZ51E';
  END IF;
END
$$;
