-- Hundredths of a second from a moment of the past (PL/SQL Packages and Types Reference, DBMS_UTILITY): only differences mean anything.
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_utility_get_time() RETURNS integer
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
SELECT (mod(trunc(extract(epoch FROM clock_timestamp()) * 100), 4294967296) - 2147483648)::integer
$$;
