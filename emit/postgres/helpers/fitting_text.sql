-- CAST to a text of n characters in a strict change of rows: an error where the text has more. It is not immutable, so that no error is raised when
-- the statement is planned.
CREATE OR REPLACE FUNCTION godwit_mysql.fitting_text(value text, n integer) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF length(value) > n THEN
    RAISE string_data_right_truncation USING MESSAGE = format('Truncated incorrect CHAR(%s) value: %L', n, value);
  END IF;
  RETURN value;
END
$$;
