-- The 16 bytes of a UUID with its time parts in the order high, middle, low.
CREATE OR REPLACE FUNCTION godwit_mysql.uuid_swapped(value bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT substr(value, 7, 2) || substr(value, 5, 2) || substr(value, 1, 4) || substr(value, 9)
$$;
