-- A part of an interval (SQL Language Reference, EXTRACT (datetime)): year, month, day, hour, minute, second. Hours beyond 24 are days; the parts of a
-- negative interval are negative.
CREATE OR REPLACE FUNCTION godwit_oracle.interval_part(value interval, part text) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE lower(part)
  WHEN 'year' THEN extract(year FROM value)
  WHEN 'month' THEN extract(month FROM value)
  WHEN 'day' THEN trunc(extract(epoch FROM value) / 86400)
  WHEN 'hour' THEN trunc(mod(extract(epoch FROM value), 86400) / 3600)
  WHEN 'minute' THEN trunc(mod(extract(epoch FROM value), 3600) / 60)
  WHEN 'second' THEN trim_scale(mod(extract(epoch FROM value), 60)) END
$$;
