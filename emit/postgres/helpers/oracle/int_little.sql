-- The number that four bytes are, the least first.
CREATE OR REPLACE FUNCTION godwit_oracle.int_little(value bytea, start integer) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT get_byte(value, start) + 256 * get_byte(value, start + 1) + 65536 * get_byte(value, start + 2) + 16777216::bigint * get_byte(value, start + 3)
$$;
