-- A date so many days later, in whole seconds: DATE + n (SQL Language Reference, Datetime/Interval Arithmetic).
CREATE OR REPLACE FUNCTION godwit_oracle.date_add_days(value timestamp, days numeric) RETURNS timestamp
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT date_trunc('second', value) + make_interval(days => trunc(days)::integer, secs => round((days - trunc(days)) * 86400)::double precision)
$$;
