-- The number of bytes (PL/SQL Packages and Types Reference, UTL_RAW).
CREATE OR REPLACE FUNCTION godwit_oracle.utl_raw_length(value bytea) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT octet_length(value)
$$;
