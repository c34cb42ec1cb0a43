-- A unit of TRUNC and ROUND for dates in one spelling: century, year, iso year, quarter, month, week of year, iso week, week of month, day of week, day, hour,
-- minute (SQL Language Reference, ROUND and TRUNC Date Functions).
CREATE OR REPLACE FUNCTION godwit_oracle.date_unit(unit text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE upper(unit)
    WHEN 'DDD' THEN 'day' WHEN 'DD' THEN 'day' WHEN 'J' THEN 'day'
    WHEN 'MM' THEN 'month' WHEN 'MONTH' THEN 'month' WHEN 'MON' THEN 'month' WHEN 'RM' THEN 'month'
    WHEN 'YYYY' THEN 'year' WHEN 'SYYYY' THEN 'year' WHEN 'YEAR' THEN 'year' WHEN 'SYEAR' THEN 'year' WHEN 'YYY' THEN 'year' WHEN 'YY' THEN 'year' WHEN 'Y' THEN 'year'
    WHEN 'HH' THEN 'hour' WHEN 'HH12' THEN 'hour' WHEN 'HH24' THEN 'hour' WHEN 'MI' THEN 'minute'
    WHEN 'Q' THEN 'quarter' WHEN 'DAY' THEN 'day of week' WHEN 'DY' THEN 'day of week' WHEN 'D' THEN 'day of week'
    WHEN 'IW' THEN 'iso week' WHEN 'WW' THEN 'week of year' WHEN 'W' THEN 'week of month'
    WHEN 'IYYY' THEN 'iso year' WHEN 'IYY' THEN 'iso year' WHEN 'IY' THEN 'iso year' WHEN 'I' THEN 'iso year'
    WHEN 'CC' THEN 'century' WHEN 'SCC' THEN 'century' END;
END
$$;
