-- Forgets the error that was noted last: the handler around it goes on.
CREATE OR REPLACE FUNCTION godwit_oracle.error_leave() RETURNS text
LANGUAGE sql VOLATILE AS $$
SELECT set_config('godwit.handled_error', coalesce(substr(h, nullif(strpos(h, chr(30)), 0) + 1), ''), false) FROM (SELECT current_setting('godwit.handled_error', true) AS h) AS s
$$;
