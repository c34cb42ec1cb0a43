-- The bytes so many times (PL/SQL Packages and Types Reference, UTL_RAW).
CREATE OR REPLACE FUNCTION godwit_oracle.utl_raw_copies(value bytea, n numeric) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT decode(repeat(encode(value, 'hex'), trunc(n)::integer), 'hex')
$$;
