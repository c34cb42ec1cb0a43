-- Base 64 of bytes, with a line break between every 76 characters.
CREATE OR REPLACE FUNCTION godwit_mysql.to_base64(value bytea) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT rtrim(encode(value, 'base64'), chr(10))
$$;
