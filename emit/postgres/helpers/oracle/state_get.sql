-- The value of a variable of the session, NULL when it is NULL or was never set (PL/SQL Language Reference, Package State). It is volatile: others may not run EXECUTE.
CREATE OR REPLACE FUNCTION godwit_oracle.state_get(name text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  value text;
BEGIN
  EXECUTE format('EXECUTE %I', 'godwit ' || CASE WHEN octet_length(name) > 56 THEN left(name, 24) || md5(name) ELSE name END) INTO value;
  RETURN value;
EXCEPTION WHEN invalid_sql_statement_name THEN
  RETURN NULL;
END
$$;
