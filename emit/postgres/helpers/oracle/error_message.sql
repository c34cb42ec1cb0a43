-- SQLERRM of the error that a caller handles (PL/SQL Language Reference, SQLERRM Function).
CREATE OR REPLACE FUNCTION godwit_oracle.error_message() RETURNS text
LANGUAGE sql VOLATILE AS $$
SELECT coalesce(nullif(split_part(split_part(current_setting('godwit.handled_error', true), chr(30), 1), chr(31), 2), ''), 'ORA-0000: normal, successful completion')
$$;
