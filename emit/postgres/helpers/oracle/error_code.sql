-- SQLCODE of the error that a caller handles, 0 if there is none (PL/SQL Language Reference, SQLCODE Function).
CREATE OR REPLACE FUNCTION godwit_oracle.error_code() RETURNS integer
LANGUAGE sql VOLATILE AS $$
SELECT coalesce(nullif(split_part(current_setting('godwit.handled_error', true), chr(31), 1), '')::integer, 0)
$$;
