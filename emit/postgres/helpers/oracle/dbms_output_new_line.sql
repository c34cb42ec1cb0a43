-- Ends the line that PUT began (PL/SQL Packages and Types Reference, DBMS_OUTPUT).
-- needs: dbms_output_put_line
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_output_new_line() RETURNS void
LANGUAGE sql AS $$
SELECT godwit_oracle.dbms_output_put_line(NULL)
$$;
