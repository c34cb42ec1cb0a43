-- The time of day of the database's clock in whole seconds (SQL Language Reference, SYSDATE). It moves on between calls.
-- The session's time zone stands for that of the database's operating system.
CREATE OR REPLACE FUNCTION godwit_oracle.sysdate() RETURNS timestamp
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
SELECT date_trunc('second', clock_timestamp()::timestamp)
$$;
