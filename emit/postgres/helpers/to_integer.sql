-- The integer at the beginning of a text, 0 when there is none; digits behind a point or an exponent do not count. Clamped to 64 bits.
CREATE OR REPLACE FUNCTION godwit_mysql.to_integer(value text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT least(greatest(coalesce(substring(value COLLATE "C" FROM '^[ \t\n\v\f\r]*([-+]?\d+)'), '0')::numeric, -9223372036854775808), 9223372036854775807)::bigint
$$;
