-- A JSON document as a column of whole numbers takes it under strict mode: true is 1, a fraction is rounded to the nearest number, a string has to be a whole number.
CREATE OR REPLACE FUNCTION godwit_mysql.strict_json_integer(document jsonb) RETURNS numeric
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  content text COLLATE "C" := document #>> '{}';
BEGIN
  CASE jsonb_typeof(document)
    WHEN 'boolean' THEN
      RETURN (document = 'true')::integer;
    WHEN 'number' THEN
      IF content !~ '^-?\d+$' THEN
        RETURN round(content::double precision);
      END IF;
      RETURN content::numeric;
    ELSE
      IF jsonb_typeof(document) = 'string' AND content ~ '^[ \t]*[-+]?\d+$' THEN
        RETURN content::numeric;
      END IF;
  END CASE;
  RAISE invalid_character_value_for_cast USING MESSAGE = format('Invalid JSON value for CAST to INTEGER: %s', document);
END
$$;
