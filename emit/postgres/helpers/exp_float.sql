-- e to a power; 0 where the result is too small for a floating point number, which is an error of exp.
CREATE OR REPLACE FUNCTION godwit_mysql.exp_float(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN value < -745.1332191019411 THEN 0 ELSE exp(value) END
$$;
