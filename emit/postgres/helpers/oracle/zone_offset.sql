-- A time zone as PostgreSQL takes it: an offset such as +03:00 as an interval, NULL for a name (SQL Language Reference, Datetime Expressions).
CREATE OR REPLACE FUNCTION godwit_oracle.zone_offset(zone text) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN zone COLLATE "C" ~ '^\s*[-+]?\d{1,2}:\d{2}\s*$' THEN trim(zone)::interval END
$$;
