-- CAST to n bytes in a strict change of rows: an error where there are more. It is not immutable, so that no error is raised when the statement
-- is planned.
CREATE OR REPLACE FUNCTION godwit_mysql.fitting_bytes(value bytea, n integer) RETURNS bytea
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF length(value) > n THEN
    RAISE string_data_right_truncation USING MESSAGE = format('Truncated incorrect BINARY(%s) value', n);
  END IF;
  RETURN value;
END
$$;
