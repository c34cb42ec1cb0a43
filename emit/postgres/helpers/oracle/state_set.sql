-- Sets a variable of the session; NULL is a value (PL/SQL Language Reference, Package State). A prepared statement holds it: it lives until the session ends and is not undone by ROLLBACK.
CREATE OR REPLACE FUNCTION godwit_oracle.state_set(name text, value text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  BEGIN
    EXECUTE format('DEALLOCATE %I', 'godwit ' || CASE WHEN octet_length(name) > 56 THEN left(name, 24) || md5(name) ELSE name END);
  EXCEPTION WHEN invalid_sql_statement_name THEN
    NULL;
  END;
  EXECUTE format('PREPARE %I AS SELECT %L::text', 'godwit ' || CASE WHEN octet_length(name) > 56 THEN left(name, 24) || md5(name) ELSE name END, value);
END
$$;
