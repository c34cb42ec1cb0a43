-- Names the action that the session runs (PL/SQL Packages and Types Reference, DBMS_APPLICATION_INFO).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_application_info_set_action(action text) RETURNS void
LANGUAGE sql VOLATILE AS $$
SELECT set_config('godwit.context_userenv_action', left(coalesce(action, ''), 32), false)
$$;
