-- The text whose bytes in the character set AL32UTF8 are given (PL/SQL Packages and Types Reference, UTL_RAW).
CREATE OR REPLACE FUNCTION godwit_oracle.utl_raw_cast_to_varchar2(value bytea) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT nullif(convert_from(value, 'UTF8'), '')
$$;
