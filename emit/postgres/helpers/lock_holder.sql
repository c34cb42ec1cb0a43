-- The session that has the named lock, NULL when nobody has.
-- needs: lock_key
CREATE OR REPLACE FUNCTION godwit_mysql.lock_holder(name text) RETURNS integer
LANGUAGE sql VOLATILE STRICT AS $$
SELECT pid FROM pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND (classid::bigint << 32 | objid::bigint) = godwit_mysql.lock_key(name)
$$;
