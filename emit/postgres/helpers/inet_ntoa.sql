-- The IPv4 address of a number; NULL when it is negative or above 4294967295.
CREATE OR REPLACE FUNCTION godwit_mysql.inet_ntoa(value bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN value BETWEEN 0 AND 4294967295 THEN concat_ws('.', value >> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255) END
$$;
