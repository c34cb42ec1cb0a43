-- The bytes in the other order (PL/SQL Packages and Types Reference, UTL_RAW).
CREATE OR REPLACE FUNCTION godwit_oracle.utl_raw_reverse(value bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT string_agg(substr(value, i, 1), ''::bytea ORDER BY i DESC) FROM generate_series(1, octet_length(value)) AS g(i)
$$;
