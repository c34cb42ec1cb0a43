-- The 16 bytes of a UUID whose time parts stand in the order high, middle, low, in their usual order.
CREATE OR REPLACE FUNCTION godwit_mysql.uuid_unswapped(value bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT substr(value, 5, 4) || substr(value, 3, 2) || substr(value, 1, 2) || substr(value, 9)
$$;
