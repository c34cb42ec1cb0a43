-- Waits so many seconds, to the hundredth (PL/SQL Packages and Types Reference, DBMS_LOCK and DBMS_SESSION, SLEEP Procedure).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lock_sleep(seconds numeric) RETURNS void
LANGUAGE sql VOLATILE AS $$
SELECT pg_sleep(round(seconds, 2)::double precision)
$$;
