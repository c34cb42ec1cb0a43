-- Takes the client's identifier of the session back (PL/SQL Packages and Types Reference, DBMS_SESSION).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_session_clear_identifier() RETURNS void
LANGUAGE sql VOLATILE AS $$
SELECT set_config('godwit.context_userenv_client_identifier', '', false)
$$;
