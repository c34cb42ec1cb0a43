-- The error number that SIGNAL gave a condition, which is the detail of its error; without one, the other number.
CREATE OR REPLACE FUNCTION godwit_mysql.signal_errno(detail text, otherwise integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN detail ~ '^[0-9]{1,5}$' THEN detail::integer ELSE otherwise END
$$;
