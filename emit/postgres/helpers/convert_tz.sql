-- A moment told in a zone, told in another: names, SYSTEM (the zone of the session) or offsets such as +05:30; NULL for unknown zones, unchanged
-- before 1970 and behind 2038.
CREATE OR REPLACE FUNCTION godwit_mysql.convert_tz(value timestamp, from_zone text, to_zone text) RETURNS timestamp
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  moment timestamptz;
BEGIN
  moment := CASE WHEN from_zone COLLATE "C" ~ '^[-+]\d{1,2}:\d{2}$' THEN value AT TIME ZONE from_zone::interval
    WHEN upper(from_zone) = 'SYSTEM' THEN value AT TIME ZONE current_setting('TimeZone') ELSE value AT TIME ZONE from_zone END;
  IF moment <= timestamptz 'epoch' OR moment > timestamptz '2038-01-19 03:14:07+00' THEN
    RETURN value;
  END IF;
  RETURN CASE WHEN to_zone COLLATE "C" ~ '^[-+]\d{1,2}:\d{2}$' THEN moment AT TIME ZONE to_zone::interval
    WHEN upper(to_zone) = 'SYSTEM' THEN moment AT TIME ZONE current_setting('TimeZone') ELSE moment AT TIME ZONE to_zone END;
EXCEPTION WHEN invalid_parameter_value OR invalid_datetime_format THEN
  RETURN NULL;
END
$$;
