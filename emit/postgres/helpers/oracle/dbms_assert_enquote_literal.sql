-- A text in single quotes (PL/SQL Packages and Types Reference, DBMS_ASSERT): single quotes in it must be doubled.
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_assert_enquote_literal(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  inner_part text := CASE WHEN value LIKE '''%''' AND length(value) > 1 THEN substr(value, 2, length(value) - 2) ELSE value END;
BEGIN
  IF replace(inner_part, '''''', '') LIKE '%''%' THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error' USING ERRCODE = 'string_data_right_truncation';
  END IF;
  RETURN concat('''', inner_part, '''');
END
$$;
