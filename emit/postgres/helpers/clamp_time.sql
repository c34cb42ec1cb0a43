-- A duration within the bounds of MySQL's TIME, -838:59:59 to 838:59:59.
CREATE OR REPLACE FUNCTION godwit_mysql.clamp_time(value interval) RETURNS interval
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT greatest(least(value, interval '838:59:59'), interval '-838:59:59')
$$;
