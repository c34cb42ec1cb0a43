-- The time from the second moment to the first, as an interval of hours, minutes and seconds: TIMESTAMP - TIMESTAMP
-- (SQL Language Reference, Datetime/Interval Arithmetic).
CREATE OR REPLACE FUNCTION godwit_oracle.timestamp_diff(late timestamp, early timestamp) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT late - early + make_interval(days => -extract(day FROM late - early)::integer, hours => 24 * extract(day FROM late - early)::integer)
$$;

-- The same for moments with a zone.
CREATE OR REPLACE FUNCTION godwit_oracle.timestamp_diff(late timestamptz, early timestamptz) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT late - early + make_interval(days => -extract(day FROM late - early)::integer, hours => 24 * extract(day FROM late - early)::integer)
$$;
