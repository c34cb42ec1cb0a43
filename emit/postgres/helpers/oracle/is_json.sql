-- Whether a text, or bytes of UTF-8, is a JSON document (SQL Language Reference, IS JSON Condition).
CREATE OR REPLACE FUNCTION godwit_oracle.is_json(document text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  PERFORM document::json;
  RETURN true;
EXCEPTION WHEN invalid_text_representation THEN
  RETURN false;
END
$$;
CREATE OR REPLACE FUNCTION godwit_oracle.is_json(document bytea) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  PERFORM convert_from(document, 'UTF8')::json;
  RETURN true;
EXCEPTION WHEN invalid_text_representation OR character_not_in_repertoire THEN
  RETURN false;
END
$$;
