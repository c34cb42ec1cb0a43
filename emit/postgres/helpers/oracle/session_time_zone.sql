-- The zone of the session (SQL Language Reference, SESSIONTIMEZONE): a name, or an offset such as +02:00.
CREATE OR REPLACE FUNCTION godwit_oracle.session_time_zone() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT CASE WHEN current_setting('TimeZone') ~ '^<' THEN pg_catalog.to_char(now(), 'TZH:TZM') ELSE current_setting('TimeZone') END
$$;
