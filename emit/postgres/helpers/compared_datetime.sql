-- A text that is compared with a date, as date and time; what is no date comes before all dates, as MySQL's zero date does.
-- needs: parse_datetime
CREATE OR REPLACE FUNCTION godwit_mysql.compared_datetime(value text) RETURNS timestamp
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT coalesce(godwit_mysql.parse_datetime(value), timestamp '-infinity')
$$;
