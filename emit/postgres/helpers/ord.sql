-- The bytes of the first character as a big-endian number, 0 for the empty text.
CREATE OR REPLACE FUNCTION godwit_mysql.ord(value text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT coalesce(sum(get_byte(b, i)::bigint << (8 * (octet_length(b) - 1 - i))), 0)::bigint
  FROM (SELECT convert_to(left(value, 1), 'UTF8')) AS c(b), generate_series(0, octet_length(b) - 1) AS i
$$;
