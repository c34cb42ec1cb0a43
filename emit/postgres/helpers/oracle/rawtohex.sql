-- Bytes as hexadecimal digits in upper case (SQL Language Reference, RAWTOHEX).
CREATE OR REPLACE FUNCTION godwit_oracle.rawtohex(value bytea) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT nullif(upper(encode(value, 'hex')), '')
$$;
