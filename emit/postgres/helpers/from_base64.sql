-- The bytes of base 64 text; NULL when it is none.
CREATE OR REPLACE FUNCTION godwit_mysql.from_base64(value text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN decode(value, 'base64');
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN NULL;
END
$$;
