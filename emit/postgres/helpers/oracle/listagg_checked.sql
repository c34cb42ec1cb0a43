-- The result of LISTAGG without an overflow clause (SQL Language Reference, LISTAGG): an error above 4,000 bytes.
CREATE OR REPLACE FUNCTION godwit_oracle.listagg_checked(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF octet_length(value) > 4000 THEN
    RAISE EXCEPTION 'ORA-01489: result of string concatenation is too long' USING ERRCODE = '54000';
  END IF;
  RETURN nullif(value, '');
END
$$;
