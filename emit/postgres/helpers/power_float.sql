-- A number to a power; 0 where the result is too small for a floating point number, which is an error of power.
CREATE OR REPLACE FUNCTION godwit_mysql.power_float(base double precision, exponent double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN base <> 0 AND exponent * ln(abs(base)) < -745.1332191019411 THEN 0 ELSE power(base, exponent) END
$$;
