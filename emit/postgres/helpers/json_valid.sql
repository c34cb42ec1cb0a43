-- 1 when a text is a JSON document, else 0.
CREATE OR REPLACE FUNCTION godwit_mysql.json_valid(value text) RETURNS integer
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  PERFORM value::jsonb;
  RETURN 1;
EXCEPTION WHEN invalid_text_representation OR invalid_parameter_value OR untranslatable_character OR character_not_in_repertoire THEN
  RETURN 0;
END
$$;
