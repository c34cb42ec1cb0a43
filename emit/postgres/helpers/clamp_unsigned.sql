-- A decimal as a 64-bit unsigned integer: rounded, the nearest one outside their range.
CREATE OR REPLACE FUNCTION godwit_mysql.clamp_unsigned(value numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT least(greatest(round(value), 0), 18446744073709551615)
$$;
