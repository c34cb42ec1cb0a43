-- 1 when nobody has the named lock, else 0.
-- needs: lock_holder
CREATE OR REPLACE FUNCTION godwit_mysql.is_free_lock(name text) RETURNS integer
LANGUAGE sql VOLATILE STRICT AS $$
SELECT (godwit_mysql.lock_holder(name) IS NULL)::integer
$$;
