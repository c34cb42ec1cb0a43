-- The bytes in reverse order.
CREATE OR REPLACE FUNCTION godwit_mysql.reverse_bytes(value bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT coalesce(string_agg(substr(value, i, 1), ''::bytea ORDER BY i DESC), ''::bytea) FROM generate_series(1, octet_length(value)) AS g(i)
$$;
