-- The integer at the beginning of a text, 0 when there is none; digits behind a point or an exponent do not count. What has 64 bits without sign
-- wraps around, larger numbers give -1, and smaller ones the least.
CREATE OR REPLACE FUNCTION godwit_mysql.to_integer(value text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT (CASE WHEN n <= 9223372036854775807 THEN greatest(n, -9223372036854775808) ELSE least(n, 18446744073709551615) - 18446744073709551616 END)::bigint
FROM (SELECT coalesce(substring(value COLLATE "C" FROM '^[ \t\n\v\f\r]*([-+]?\d+)'), '0')::numeric AS n) AS t
$$;
