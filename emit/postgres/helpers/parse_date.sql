-- A date read from a text as MySQL reads it, NULL when it is none; a time behind it does not count.
-- needs: parse_datetime
CREATE OR REPLACE FUNCTION godwit_mysql.parse_date(value text) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT godwit_mysql.parse_datetime(value)::date
$$;
