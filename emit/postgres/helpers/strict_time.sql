-- A duration read from a text as MySQL reads a TIME; an error when it is none.
-- needs: parse_time
CREATE OR REPLACE FUNCTION godwit_mysql.strict_time(value text) RETURNS interval
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  t interval := godwit_mysql.parse_time(value);
BEGIN
  IF t IS NULL OR t IN (interval '838:59:59', interval '-838:59:59') AND value COLLATE "C" !~ '^\s*-?(838:59:59|8385959|34 22:59:59)' THEN
    RAISE invalid_datetime_format USING MESSAGE = format('Incorrect time value: %L', value);
  END IF;
  IF value COLLATE "C" !~ '^\s*[-+]?(\d+ +)?\d+(:\d+){0,2}(\.\d*)?\s*$' AND value COLLATE "C" !~ '^\s*\d+[^\d\s:.]\d+[^\d\s:.]\d+[ T]\d' THEN
    RAISE invalid_datetime_format USING MESSAGE = format('Incorrect time value: %L', value);
  END IF;
  RETURN t;
END
$$;
