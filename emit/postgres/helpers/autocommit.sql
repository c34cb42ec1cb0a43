-- Commits what a procedure has written so far, as a session with autocommit does behind each statement: not when the caller has begun a
-- transaction (the time of the transaction is then before that of the statement), nor when the setting godwit.atomic is on,
-- which callers switch on where nothing can be committed: under a handler, in functions and in triggers.
CREATE OR REPLACE PROCEDURE godwit_mysql.autocommit()
LANGUAGE plpgsql AS $$
BEGIN
    IF now() >= statement_timestamp() AND coalesce(current_setting('godwit.atomic', true), '') <> 'on' THEN
        COMMIT;
    END IF;
END $$;
