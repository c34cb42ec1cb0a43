-- Takes an attribute of an application context back (PL/SQL Packages and Types Reference, DBMS_SESSION).
-- needs: state_set
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_session_clear_context(space text, client text, name text) RETURNS void
LANGUAGE sql VOLATILE AS $$
SELECT godwit_oracle.state_set('context ' || lower(space) || ' ' || lower(name), NULL)
$$;
