-- The number of a named lock; names differ in more than case.
CREATE OR REPLACE FUNCTION godwit_mysql.lock_key(name text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT hashtextextended(lower(name COLLATE "C") COLLATE "C", 0)
$$;
