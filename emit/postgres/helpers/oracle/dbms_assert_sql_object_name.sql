-- A text that names an object which is there; an error for others (PL/SQL Packages and Types Reference, DBMS_ASSERT).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_assert_sql_object_name(value text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  IF value !~ '^\s*[[:alpha:]"]' OR to_regclass(value) IS NULL AND to_regproc(value) IS NULL AND to_regtype(value) IS NULL THEN
    RAISE EXCEPTION 'ORA-44002: invalid object name' USING ERRCODE = 'ZZXYA';
  END IF;
  RETURN value;
END
$$;
