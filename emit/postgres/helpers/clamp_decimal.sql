-- A number rounded to a scale, or the largest one of the precision with its sign when it has too many digits.
CREATE OR REPLACE FUNCTION godwit_mysql.clamp_decimal(value numeric, digits integer, scale integer) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT round(least(greatest(round(value, scale), -(10::numeric ^ digits - 1) / 10::numeric ^ scale), (10::numeric ^ digits - 1) / 10::numeric ^ scale), scale)
$$;
