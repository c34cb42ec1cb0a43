-- The bytes that a text in base 64 stands for (PL/SQL Packages and Types Reference, UTL_ENCODE).
CREATE OR REPLACE FUNCTION godwit_oracle.utl_encode_base64_decode(value bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT decode(regexp_replace(convert_from(value, 'UTF8'), '[^A-Za-z0-9+/=]', '', 'g'), 'base64')
$$;
