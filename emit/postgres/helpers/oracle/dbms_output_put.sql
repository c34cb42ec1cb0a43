-- Adds text to the line that DBMS_OUTPUT writes next (PL/SQL Packages and Types Reference, DBMS_OUTPUT).
-- needs: state_get, state_set
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_output_put(line text) RETURNS void
LANGUAGE sql AS $$
SELECT godwit_oracle.state_set('dbms_output', concat(godwit_oracle.state_get('dbms_output'), line))
$$;
