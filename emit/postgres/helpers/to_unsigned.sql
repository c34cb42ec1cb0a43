-- A number as a 64-bit unsigned integer: rounded, negative ones wrap around, too large ones give the largest.
CREATE OR REPLACE FUNCTION godwit_mysql.to_unsigned(value numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN value <= -0.5 THEN greatest(round(value), -9223372036854775808) + 18446744073709551616
    ELSE least(abs(round(value)), 18446744073709551615) END
$$;
