-- Takes a named lock of the session: 1, or 0 when the seconds have passed; fewer than 0 seconds wait for ever.
-- needs: lock_key
CREATE OR REPLACE FUNCTION godwit_mysql.get_lock(name text, seconds double precision) RETURNS integer
LANGUAGE plpgsql STRICT AS $$
DECLARE
  until constant timestamptz := clock_timestamp() + make_interval(secs => seconds);
BEGIN
  IF seconds < 0 THEN
    PERFORM pg_advisory_lock(godwit_mysql.lock_key(name));
    RETURN 1;
  END IF;
  LOOP
    IF pg_try_advisory_lock(godwit_mysql.lock_key(name)) THEN
      RETURN 1;
    ELSIF clock_timestamp() >= until THEN
      RETURN 0;
    END IF;
    PERFORM pg_sleep(0.05);
  END LOOP;
END
$$;
