-- Takes a lock of the user (PL/SQL Packages and Types Reference, DBMS_LOCK): 0 when it is held, 1 when the time is over, 3 for a wrong parameter, 4 when the session holds it already.
-- Modes are 6 (exclusive) and 4 (shared). An advisory lock holds it: of the transaction where COMMIT releases it, else of the session.
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lock_request(handle text, mode numeric DEFAULT 6, seconds numeric DEFAULT 32767, of_transaction boolean DEFAULT false) RETURNS integer
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  key bigint := hashtextextended(handle, 0);
  over timestamptz := clock_timestamp() + least(seconds, 32767) * interval '1 second';
BEGIN
  IF handle IS NULL OR mode NOT IN (4, 6) THEN
    RETURN 3;
  END IF;
  IF EXISTS (SELECT FROM pg_locks AS l WHERE l.locktype = 'advisory' AND l.pid = pg_backend_pid() AND l.granted AND l.objsubid = 1 AND (l.classid::bigint << 32 | l.objid::bigint) = key) THEN
    RETURN 4;
  END IF;
  LOOP
    IF (CASE
      WHEN of_transaction AND mode = 6 THEN pg_try_advisory_xact_lock(key)
      WHEN of_transaction THEN pg_try_advisory_xact_lock_shared(key)
      WHEN mode = 6 THEN pg_try_advisory_lock(key)
      ELSE pg_try_advisory_lock_shared(key)
    END) THEN
      RETURN 0;
    END IF;
    IF clock_timestamp() >= over THEN
      RETURN 1;
    END IF;
    PERFORM pg_sleep(0.02);
  END LOOP;
END
$$;
