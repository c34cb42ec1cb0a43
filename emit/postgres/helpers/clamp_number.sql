-- A number rounded to an integer, or the nearest that a column takes, as MySQL stores it without strict mode.
CREATE OR REPLACE FUNCTION godwit_mysql.clamp_number(value numeric, low numeric, high numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT least(greatest(round(value), low), high)
$$;
