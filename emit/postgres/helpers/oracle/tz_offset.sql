-- The offset of a zone today as +02:00 (SQL Language Reference, TZ_OFFSET).
-- needs: at_zone
CREATE OR REPLACE FUNCTION godwit_oracle.tz_offset(zone text) RETURNS text
LANGUAGE sql STABLE STRICT AS $$
SELECT CASE WHEN s < 0 THEN '-' ELSE '+' END || lpad((abs(s) / 3600)::text, 2, '0') || ':' || lpad((abs(s) / 60 % 60)::text, 2, '0')
FROM (SELECT extract(epoch FROM godwit_oracle.at_zone(now(), CASE upper(zone) WHEN 'SESSIONTIMEZONE' THEN current_setting('TimeZone') WHEN 'DBTIMEZONE' THEN current_setting('TimeZone') ELSE zone END) - (now() AT TIME ZONE 'UTC'))::integer) AS o(s)
$$;
