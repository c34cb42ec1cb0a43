-- Gives the session a text about its client (PL/SQL Packages and Types Reference, DBMS_APPLICATION_INFO).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_application_info_set_client_info(info text) RETURNS void
LANGUAGE sql VOLATILE AS $$
SELECT set_config('godwit.context_userenv_client_info', left(coalesce(info, ''), 64), false)
$$;
