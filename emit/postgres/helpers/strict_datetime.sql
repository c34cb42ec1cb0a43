-- A date and time read from a text as MySQL reads it; an error when it is none.
-- needs: parse_datetime
CREATE OR REPLACE FUNCTION godwit_mysql.strict_datetime(value text) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  t timestamp := godwit_mysql.parse_datetime(value);
BEGIN
  IF t IS NULL THEN
    RAISE invalid_datetime_format USING MESSAGE = format('Incorrect datetime value: %L', value);
  END IF;
  RETURN t;
END
$$;
