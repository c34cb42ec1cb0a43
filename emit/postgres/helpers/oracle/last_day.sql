-- The last day of the month, at the same time of day (SQL Language Reference, LAST_DAY).
CREATE OR REPLACE FUNCTION godwit_oracle.last_day(value timestamp) RETURNS timestamp
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT date_trunc('month', value) + interval '1 month' - interval '1 day' + date_trunc('second', value - date_trunc('day', value))
$$;
