-- A duration of hours, minutes and seconds, clamped to 838:59:59; NULL when minutes or seconds are outside 0 to 59.
CREATE OR REPLACE FUNCTION godwit_mysql.make_time_of(hours bigint, minutes bigint, seconds numeric) RETURNS interval
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN minutes BETWEEN 0 AND 59 AND seconds >= 0 AND seconds < 60 THEN
    CASE WHEN hours < 0 THEN -1 ELSE 1 END * least(make_interval(hours => least(abs(hours), 900)::integer, mins => minutes::integer, secs => seconds::double precision), interval '838:59:59') END
$$;
