-- Sets the client's identifier of the session (PL/SQL Packages and Types Reference, DBMS_SESSION): sys_context('USERENV', 'CLIENT_IDENTIFIER') reads it.
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_session_set_identifier(value text) RETURNS void
LANGUAGE sql VOLATILE AS $$
SELECT set_config('godwit.context_userenv_client_identifier', coalesce(value, ''), false)
$$;
