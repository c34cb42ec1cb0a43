-- The duration of a number such as 101112 (HHMMSS); an error when it is none, or beyond 838:59:59.
-- needs: number_time
CREATE OR REPLACE FUNCTION godwit_mysql.strict_number_time(value numeric) RETURNS interval
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  t interval := godwit_mysql.number_time(value);
BEGIN
  IF t IS NULL OR abs(value) >= 8390000 THEN
    RAISE invalid_datetime_format USING MESSAGE = format('Incorrect time value: %s', value);
  END IF;
  RETURN t;
END
$$;
