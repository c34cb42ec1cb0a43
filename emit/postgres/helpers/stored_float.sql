-- The number that a text is as a column of doubles takes it under strict mode: nothing may stand behind it, not even a blank.
CREATE OR REPLACE FUNCTION godwit_mysql.stored_float(value text) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value COLLATE "C" ~ '^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$' THEN
    RETURN value::double precision;
  END IF;
  RAISE invalid_text_representation USING MESSAGE = format('Data truncated: %L is no number', value);
END
$$;
