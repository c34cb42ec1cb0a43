-- A date cut to the start of a unit (SQL Language Reference, TRUNC (date) and ROUND and TRUNC Date Functions). first_day is the first day of
-- the week, 0 for Sunday.
-- needs: date_unit
CREATE OR REPLACE FUNCTION godwit_oracle.trunc_date(value timestamp, unit text DEFAULT 'DDD', first_day integer DEFAULT 0) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  day timestamp := date_trunc('day', value);
BEGIN
  CASE godwit_oracle.date_unit(unit)
    WHEN 'day' THEN RETURN day;
    WHEN 'month' THEN RETURN date_trunc('month', value);
    WHEN 'year' THEN RETURN date_trunc('year', value);
    WHEN 'hour' THEN RETURN date_trunc('hour', value);
    WHEN 'minute' THEN RETURN date_trunc('minute', value);
    WHEN 'quarter' THEN RETURN date_trunc('quarter', value);
    WHEN 'day of week' THEN RETURN day - make_interval(days => (extract(dow FROM day)::integer - first_day + 7) % 7);
    WHEN 'iso week' THEN RETURN date_trunc('week', value);
    WHEN 'week of year' THEN RETURN day - make_interval(days => (extract(doy FROM day)::integer - 1) % 7);
    WHEN 'week of month' THEN RETURN day - make_interval(days => (extract(day FROM day)::integer - 1) % 7);
    WHEN 'iso year' THEN RETURN date_trunc('week', make_timestamp(extract(isoyear FROM value)::integer, 1, 4, 0, 0, 0));
    WHEN 'century' THEN RETURN date_trunc('century', value);
    ELSE
      RAISE EXCEPTION 'ORA-01898: too many precision specifiers: %', unit USING ERRCODE = '22007';
  END CASE;
END
$$;
