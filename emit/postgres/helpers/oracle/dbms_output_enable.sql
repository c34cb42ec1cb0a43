-- Lets DBMS_OUTPUT write, which it always does: a notice needs no buffer (PL/SQL Packages and Types Reference, DBMS_OUTPUT).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_output_enable(buffer_size numeric DEFAULT 20000) RETURNS void
LANGUAGE sql IMMUTABLE AS $$
SELECT NULL::void
$$;
