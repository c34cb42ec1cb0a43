-- The first byte as a number, 0 when there is none.
CREATE OR REPLACE FUNCTION godwit_mysql.first_byte(value bytea) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN octet_length(value) = 0 THEN 0 ELSE get_byte(value, 0) END
$$;
