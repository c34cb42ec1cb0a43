-- The bytes of a text in the character set AL32UTF8 (PL/SQL Packages and Types Reference, UTL_RAW).
CREATE OR REPLACE FUNCTION godwit_oracle.utl_raw_cast_to_raw(value text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT convert_to(nullif(value, ''), 'UTF8')
$$;
