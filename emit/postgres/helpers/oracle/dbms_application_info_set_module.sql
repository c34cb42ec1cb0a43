-- Names the module and the action that the session runs (PL/SQL Packages and Types Reference, DBMS_APPLICATION_INFO): the module is the application name.
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_application_info_set_module(module text, action text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM set_config('application_name', left(coalesce(module, ''), 48), false);
  PERFORM set_config('godwit.context_userenv_action', left(coalesce(action, ''), 32), false);
END
$$;
