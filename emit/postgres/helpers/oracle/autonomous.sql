-- Runs a call as a transaction of its own, on a second connection that the session keeps (PL/SQL Language Reference, AUTONOMOUS_TRANSACTION Pragma), and gives its results as texts.
-- The setting godwit_oracle.dblink holds how to connect to this database: a connection string, or the name of a foreign server of dblink_fdw. The other session gets the role, the path and the
-- settings of this one. An error comes with its state and message. Where the call waits for a lock that the caller holds, it is cancelled and ORA-00060 is raised.
CREATE OR REPLACE FUNCTION godwit_oracle.autonomous(call text, results integer DEFAULT 0) RETURNS text[]
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  link constant text := 'godwit_oracle.autonomous';
  dblink text := (SELECT quote_ident(n.nspname) || '.dblink' FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'dblink');
  callers text := concat_ws(',', nullif(current_setting('godwit_oracle.autonomous_callers', true), ''), pg_catalog.pg_backend_pid());
  columns text := (SELECT string_agg('r' || i, ', ') FROM generate_series(1, greatest(results, 1)) AS i);
  typed text := (SELECT string_agg('r' || i || ' text', ', ') FROM generate_series(1, greatest(results, 1)) AS i);
  open boolean;
  other integer;
  busy integer;
  polls integer := 0;
  looked timestamptz := clock_timestamp();
  out text[];
BEGIN
  IF dblink IS NULL THEN
    RAISE EXCEPTION 'autonomous transactions need the extension dblink' USING ERRCODE = '55000', HINT = 'CREATE EXTENSION dblink';
  ELSIF current_setting('datestyle') !~ '^ISO' OR current_setting('extra_float_digits')::integer < 1 THEN
    RAISE EXCEPTION 'autonomous transactions need datestyle ISO and extra_float_digits of at least 1' USING ERRCODE = '55000';
  END IF;
  EXECUTE format('SELECT coalesce($1 = ANY (%s_get_connections()), false)', dblink) INTO open USING link;
  IF NOT open THEN
    IF coalesce(current_setting('godwit_oracle.dblink', true), '') = '' THEN
      RAISE EXCEPTION 'autonomous transactions need the setting godwit_oracle.dblink, which says how to connect to this database'
        USING ERRCODE = '55000', HINT = format('ALTER DATABASE %I SET godwit_oracle.dblink = ''dbname=... user=...'', or the name of a foreign server of dblink_fdw.', current_database());
    END IF;
    EXECUTE format('SELECT %s_connect($1, $2)', dblink) USING link, current_setting('godwit_oracle.dblink');
  END IF;
  BEGIN
    EXECUTE format('SELECT pid FROM %s($1, $2) AS t(pid integer)', dblink) INTO other USING link, format(
      'SELECT pg_catalog.pg_backend_pid() FROM (SELECT set_config(''godwit_oracle.autonomous_callers'', %L, false), set_config(''godwit_oracle.dblink'', %L, false), %s) AS s', callers,
      current_setting('godwit_oracle.dblink', true),
      (SELECT string_agg(format('set_config(%L, %L, false)', n, coalesce(CASE n WHEN 'role' THEN current_user::text ELSE current_setting(n, true) END, '')), ', ') FROM unnest(ARRAY['role', 'search_path',
        'timezone', 'datestyle', 'intervalstyle', 'extra_float_digits', 'application_name', 'godwit.context_userenv_client_identifier', 'godwit.context_userenv_action', 'godwit.context_userenv_client_info', 'godwit.handled_error']) AS n));
    EXECUTE format('SELECT %s_send_query($1, $2)', dblink) USING link, call;
    LOOP
      EXECUTE format('SELECT %s_is_busy($1)', dblink) INTO busy USING link;
      EXIT WHEN busy = 0;
      polls := polls + 1;
      IF polls > 20 THEN
        PERFORM pg_sleep(CASE WHEN polls < 200 THEN 0.001 ELSE 0.01 END);
      END IF;
      IF polls > 20 AND clock_timestamp() > looked + interval '1 second' THEN
        looked := clock_timestamp();
        IF EXISTS (
          WITH RECURSIVE waits(pid) AS (SELECT unnest(pg_blocking_pids(other)) UNION SELECT b FROM waits AS w, unnest(pg_blocking_pids(w.pid)) AS b)
          SELECT FROM waits WHERE pid = ANY (string_to_array(callers, ',')::integer[])
        ) THEN
          RAISE EXCEPTION 'ORA-00060: deadlock detected while waiting for resource' USING ERRCODE = '40P01', DETAIL = 'The autonomous transaction waits for a lock of its caller.';
        END IF;
      END IF;
    END LOOP;
    EXECUTE format('SELECT ARRAY[%s] FROM %s_get_result($1) AS t(%s)', columns, dblink, typed) INTO out USING link;
    EXECUTE format('SELECT count(*) FROM %s_get_result($1) AS t(%s)', dblink, typed) INTO busy USING link;
  EXCEPTION WHEN query_canceled OR OTHERS THEN
    BEGIN
      EXECUTE format('SELECT %s_is_busy($1)', dblink) INTO busy USING link;
      IF busy = 1 THEN -- nobody waits for its end
        EXECUTE format('SELECT %s_cancel_query($1)', dblink) USING link;
      END IF;
      IF busy = 1 OR SQLSTATE ~ '^(08|57|XX)' THEN
        EXECUTE format('SELECT %s_disconnect($1)', dblink) USING link;
      ELSE
        EXECUTE format('SELECT count(*) FROM %s_get_result($1, false) AS t(%s)', dblink, typed) INTO busy USING link;
      END IF;
    EXCEPTION WHEN OTHERS THEN
      NULL; -- the error that was raised first counts
    END;
    RAISE;
  END;
  RETURN out;
END
$$;
