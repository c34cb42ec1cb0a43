-- A parameter of the session (SQL Language Reference, USERENV): those with an equivalent.
-- needs: sys_context
CREATE OR REPLACE FUNCTION godwit_oracle.userenv(name text) RETURNS text
LANGUAGE sql STABLE STRICT AS $$
SELECT godwit_oracle.sys_context('USERENV', name)
$$;
