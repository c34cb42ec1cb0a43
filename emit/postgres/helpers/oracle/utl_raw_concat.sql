-- Bytes one behind the other, NULLs left out (PL/SQL Packages and Types Reference, UTL_RAW).
CREATE OR REPLACE FUNCTION godwit_oracle.utl_raw_concat(VARIADIC list bytea[]) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT nullif(string_agg(x, ''::bytea ORDER BY i), ''::bytea) FROM unnest(list) WITH ORDINALITY AS u(x, i)
$$;
