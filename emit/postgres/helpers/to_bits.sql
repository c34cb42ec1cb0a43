-- The bits of a 64-bit unsigned (or signed) number.
CREATE OR REPLACE FUNCTION godwit_mysql.to_bits(value numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN round(value) > 9223372036854775807 THEN least(round(value), 18446744073709551615) - 18446744073709551616
    ELSE greatest(round(value), -9223372036854775808) END::bigint
$$;
