-- A text that is a simple name; an error for others (PL/SQL Packages and Types Reference, DBMS_ASSERT).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_assert_simple_sql_name(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF value IS NULL OR value !~ '^\s*([[:alpha:]][[:alnum:]_$#]*|"[^"]+")\s*$' THEN
    RAISE EXCEPTION 'ORA-44003: invalid SQL name' USING ERRCODE = 'ZZXYB';
  END IF;
  RETURN value;
END
$$;
