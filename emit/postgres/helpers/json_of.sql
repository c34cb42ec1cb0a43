-- The document that a text holds, NULL when it holds none.
CREATE OR REPLACE FUNCTION godwit_mysql.json_of(value text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN value::jsonb;
EXCEPTION WHEN invalid_text_representation OR invalid_parameter_value OR untranslatable_character OR character_not_in_repertoire THEN
  RETURN NULL;
END
$$;
