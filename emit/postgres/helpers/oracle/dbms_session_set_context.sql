-- Sets an attribute of an application context for the session (PL/SQL Packages and Types Reference, DBMS_SESSION): sys_context reads it. The setting goes back when its transaction does, and
-- every session may write it.
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_session_set_context(space text, name text, value text) RETURNS void
LANGUAGE sql VOLATILE AS $$
SELECT set_config('godwit.context_' || lower(space) || '_' || lower(name), coalesce(value, ''), false)
$$;
