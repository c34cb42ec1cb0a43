-- A text that is compared with a duration, as duration; what is none counts as 00:00:00.
-- needs: parse_time
CREATE OR REPLACE FUNCTION godwit_mysql.compared_time(value text) RETURNS interval
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT coalesce(godwit_mysql.parse_time(value), interval '0')
$$;
