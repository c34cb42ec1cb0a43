-- Sets a variable of the session and returns its value; NULL is a value. A prepared statement holds it: it lives until the
-- session ends and is not undone by ROLLBACK.
CREATE OR REPLACE FUNCTION godwit_mysql.var_set(name text, value text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        EXECUTE format('DEALLOCATE %I', 'godwit @' || name);
    EXCEPTION WHEN invalid_sql_statement_name THEN
        NULL;
    END;
    EXECUTE format('PREPARE %I AS SELECT %L::text', 'godwit @' || name, value);
    RETURN value;
END $$;
