-- The date and time of a number such as 20240229 or 20240229101112; an error when it is none.
-- needs: number_datetime
CREATE OR REPLACE FUNCTION godwit_mysql.strict_number_datetime(value numeric) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  t timestamp := godwit_mysql.number_datetime(value);
BEGIN
  IF t IS NULL THEN
    RAISE invalid_datetime_format USING MESSAGE = format('Incorrect datetime value: %s', value);
  END IF;
  RETURN t;
END
$$;
