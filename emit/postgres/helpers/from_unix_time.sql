-- The moment of seconds since 1970-01-01 UTC in the zone of the session; NULL for negative numbers.
CREATE OR REPLACE FUNCTION godwit_mysql.from_unix_time(seconds numeric) RETURNS timestamp
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN seconds >= 0 THEN (timestamptz 'epoch' + make_interval(secs => seconds::double precision))::timestamp END
$$;
