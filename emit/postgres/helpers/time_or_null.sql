-- A duration, or NULL when it is outside the bounds of MySQL's TIME, -838:59:59 to 838:59:59.
CREATE OR REPLACE FUNCTION godwit_mysql.time_or_null(value interval) RETURNS interval
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN value BETWEEN interval '-838:59:59' AND interval '838:59:59' THEN value END
$$;
