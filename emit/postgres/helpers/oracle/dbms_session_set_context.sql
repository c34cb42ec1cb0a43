-- Sets an attribute of an application context for the session (PL/SQL Packages and Types Reference, DBMS_SESSION): sys_context reads it. ROLLBACK leaves it; every session may write it.
-- needs: state_set
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_session_set_context(space text, name text, value text) RETURNS void
LANGUAGE sql VOLATILE AS $$
SELECT godwit_oracle.state_set('context ' || lower(space) || ' ' || lower(name), value)
$$;
