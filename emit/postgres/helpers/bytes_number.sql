-- Bytes as a big-endian unsigned number (the last 8 of them).
CREATE OR REPLACE FUNCTION godwit_mysql.bytes_number(value bytea) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT coalesce(sum(get_byte(value, i)::numeric * 256::numeric ^ (octet_length(value) - 1 - i)), 0)
  FROM generate_series(greatest(octet_length(value) - 8, 0), octet_length(value) - 1) AS i
$$;
