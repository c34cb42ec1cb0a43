-- Raises the error of a method that is called of an object that is NULL (Object-Relational Developer's Guide, "Comparison Methods"; PL/SQL Language Reference, SELF_IS_NULL).
CREATE OR REPLACE FUNCTION godwit_oracle.check_self(self anyelement) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF self IS NOT DISTINCT FROM NULL THEN
    RAISE EXCEPTION 'ORA-30625: method dispatch on NULL SELF argument is disallowed' USING ERRCODE = 'ZZNMP';
  END IF;
END
$$;
