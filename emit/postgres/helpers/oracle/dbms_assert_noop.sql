-- The text itself (PL/SQL Packages and Types Reference, DBMS_ASSERT).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_assert_noop(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT value
$$;
