-- The bytes of a value in base 64, in lines of 64 characters with carriage return and line feed between them (PL/SQL Packages and Types Reference, UTL_ENCODE).
CREATE OR REPLACE FUNCTION godwit_oracle.utl_encode_base64_encode(value bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT convert_to(regexp_replace(replace(encode(value, 'base64'), E'\n', ''), '(.{64})(?=.)', E'\\1\r\n', 'g'), 'UTF8')
$$;
