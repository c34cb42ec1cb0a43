-- Notes the error that a handler is about, for the routines it calls (PL/SQL Language Reference, Retrieving Error Code and Error Message). What is undone takes the note along.
CREATE OR REPLACE FUNCTION godwit_oracle.error_enter(code integer, message text) RETURNS text
LANGUAGE sql VOLATILE AS $$
SELECT set_config('godwit.handled_error', concat(code, chr(31), message, chr(30), current_setting('godwit.handled_error', true)), false)
$$;
