-- A text that is a name with its qualifiers and link; an error for others (PL/SQL Packages and Types Reference, DBMS_ASSERT).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_assert_qualified_sql_name(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF value IS NULL OR value !~ '^\s*([[:alpha:]][[:alnum:]_$#]*|"[^"]+")(\.([[:alpha:]][[:alnum:]_$#]*|"[^"]+"))*(@[[:alnum:]_$#.]+)?\s*$' THEN
    RAISE EXCEPTION 'ORA-44004: invalid qualified SQL name' USING ERRCODE = 'ZZXYC';
  END IF;
  RETURN value;
END
$$;
