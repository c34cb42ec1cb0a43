-- An interval of days and seconds times a number, or divided by it (SQL Language Reference, Interval Expressions), in hours, minutes and seconds as all such intervals are.
CREATE OR REPLACE FUNCTION godwit_oracle.interval_times(value interval, factor numeric, divide boolean DEFAULT false) RETURNS interval
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  seconds numeric;
BEGIN
  IF divide AND factor = 0 THEN
    RAISE EXCEPTION 'ORA-01476: divisor is equal to zero' USING ERRCODE = '22012';
  END IF;
  seconds := round(CASE WHEN divide THEN extract(epoch FROM value) / factor ELSE extract(epoch FROM value) * factor END, 6);
  RETURN make_interval(hours => div(seconds, 3600)::integer, secs => mod(seconds, 3600)::double precision);
END
$$;
