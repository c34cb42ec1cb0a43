-- A number from text in PL/SQL outside of SQL statements, where what is no number is VALUE_ERROR (PL/SQL Language Reference, Predefined Exceptions).
-- needs: to_number
CREATE OR REPLACE FUNCTION godwit_oracle.plsql_number(value text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value COLLATE "C" ~ '^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?\s*$' THEN
    RETURN value::numeric;
  ELSIF value = '' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error: character to number conversion error' USING ERRCODE = '22018', DETAIL = value;
END
$$;

-- The same by a number format.
CREATE OR REPLACE FUNCTION godwit_oracle.plsql_number(value text, mask text, nls text DEFAULT NULL) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN godwit_oracle.to_number(value, mask, nls);
EXCEPTION WHEN invalid_text_representation THEN
  RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error: character to number conversion error' USING ERRCODE = '22018', DETAIL = value;
END
$$;
