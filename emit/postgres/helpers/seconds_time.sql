-- Seconds as a duration, clamped to 838:59:59.
CREATE OR REPLACE FUNCTION godwit_mysql.seconds_time(seconds numeric) RETURNS interval
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT greatest(least(make_interval(secs => least(greatest(seconds, -4000000), 4000000)::double precision), interval '838:59:59'), interval '-838:59:59')
$$;
