-- A JSON document as a number: true is 1, a string counts by its digits; an error where it is no number.
-- needs: json_unquote
CREATE OR REPLACE FUNCTION godwit_mysql.strict_json_number(document jsonb) RETURNS double precision
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  content text COLLATE "C" := godwit_mysql.json_unquote(document);
BEGIN
  IF jsonb_typeof(document) = 'boolean' THEN
    RETURN (document = 'true')::integer;
  ELSIF jsonb_typeof(document) IN ('number', 'string') AND content ~ '^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$' THEN
    RETURN content::double precision;
  END IF;
  RAISE invalid_character_value_for_cast USING MESSAGE = format('Invalid JSON value for CAST to a number: %s', document);
END
$$;
