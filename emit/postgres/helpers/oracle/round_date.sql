-- A date rounded to a unit (SQL Language Reference, ROUND (date) and ROUND and TRUNC Date Functions): up from noon, from the fourth day of a week at noon,
-- from the 16th of a month, of the second month of a quarter, from 1 July, from the year 51 of a century. first_day is the first day of the week, 0 for Sunday.
-- needs: date_unit, trunc_date
CREATE OR REPLACE FUNCTION godwit_oracle.round_date(value timestamp, unit text DEFAULT 'DDD', first_day integer DEFAULT 0) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  start timestamp := godwit_oracle.trunc_date(value, unit, first_day);
BEGIN
  CASE godwit_oracle.date_unit(unit)
    WHEN 'day' THEN RETURN date_trunc('day', value + interval '12 hours');
    WHEN 'month' THEN RETURN CASE WHEN extract(day FROM value) >= 16 THEN start + interval '1 month' ELSE start END;
    WHEN 'year' THEN RETURN CASE WHEN extract(month FROM value) >= 7 THEN start + interval '1 year' ELSE start END;
    WHEN 'hour' THEN RETURN date_trunc('hour', value + interval '30 minutes');
    WHEN 'minute' THEN RETURN date_trunc('minute', value + interval '30 seconds');
    WHEN 'quarter' THEN RETURN CASE WHEN value >= start + interval '1 month 15 days' THEN start + interval '3 months' ELSE start END;
    WHEN 'day of week', 'iso week', 'week of year', 'week of month' THEN
      RETURN CASE WHEN value >= start + interval '3 days 12 hours' THEN start + interval '7 days' ELSE start END;
    WHEN 'iso year' THEN
      RAISE EXCEPTION 'ROUND of a date to the ISO year (%) has no equivalent', unit USING ERRCODE = '0A000';
    ELSE RETURN CASE WHEN extract(year FROM value)::integer - extract(year FROM start)::integer >= 50 THEN start + interval '100 years' ELSE start END;
  END CASE;
END
$$;
