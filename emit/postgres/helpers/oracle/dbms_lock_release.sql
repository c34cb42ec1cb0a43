-- Gives a lock of the user back (PL/SQL Packages and Types Reference, DBMS_LOCK): 0, or 4 where the session does not hold it.
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lock_release(handle text) RETURNS integer
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  key bigint := hashtextextended(handle, 0);
  held text;
BEGIN
  SELECT l.mode INTO held FROM pg_locks AS l
  WHERE l.locktype = 'advisory' AND l.pid = pg_backend_pid() AND l.granted AND l.objsubid = 1 AND (l.classid::bigint << 32 | l.objid::bigint) = key;
  IF held = 'ExclusiveLock' THEN
    RETURN CASE WHEN pg_advisory_unlock(key) THEN 0 ELSE 4 END;
  ELSIF held = 'ShareLock' THEN
    RETURN CASE WHEN pg_advisory_unlock_shared(key) THEN 0 ELSE 4 END;
  END IF;
  RETURN 4;
END
$$;
