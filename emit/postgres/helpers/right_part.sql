-- The last n characters; none when n is below 1.
CREATE OR REPLACE FUNCTION godwit_mysql.right_part(value text, n bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN n < 1 THEN '' ELSE right(value, least(n, 1073741823)::integer) END
$$;

-- The last n bytes; none when n is below 1.
CREATE OR REPLACE FUNCTION godwit_mysql.right_part(value bytea, n bigint) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN n < 1 THEN ''::bytea ELSE substr(value, greatest(octet_length(value) - n + 1, 1)::integer) END
$$;
