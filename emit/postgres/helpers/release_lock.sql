-- Releases a named lock: 1, 0 when another session has it, NULL when nobody has.
-- needs: lock_holder, lock_key
CREATE OR REPLACE FUNCTION godwit_mysql.release_lock(name text) RETURNS integer
LANGUAGE plpgsql STRICT AS $$
DECLARE
  holder constant integer := godwit_mysql.lock_holder(name);
BEGIN
  IF holder = pg_backend_pid() THEN
    RETURN pg_advisory_unlock(godwit_mysql.lock_key(name))::integer;
  END IF;
  RETURN CASE WHEN holder IS NOT NULL THEN 0 END;
END
$$;
