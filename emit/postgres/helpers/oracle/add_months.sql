-- A date so many months later (SQL Language Reference, ADD_MONTHS): the last day of a month gives a last day, a day that the month lacks
-- its last one. Whole months, whole seconds.
CREATE OR REPLACE FUNCTION godwit_oracle.add_months(value timestamp, months numeric) RETURNS timestamp
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT date_trunc('second', CASE WHEN extract(day FROM value + interval '1 day') = 1
    THEN date_trunc('month', value) + make_interval(months => trunc(months)::integer + 1, days => -1) + (value - date_trunc('day', value))
    ELSE value + make_interval(months => trunc(months)::integer) END)
$$;
