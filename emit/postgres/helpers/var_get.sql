-- The value of a variable of the session, NULL when it was never set. It is volatile: others may not run EXECUTE.
CREATE OR REPLACE FUNCTION godwit_mysql.var_get(name text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    value text;
BEGIN
    EXECUTE format('EXECUTE %I', 'godwit @' || name) INTO value;
    RETURN value;
EXCEPTION WHEN invalid_sql_statement_name THEN
    RETURN NULL;
END $$;
