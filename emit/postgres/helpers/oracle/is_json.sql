-- Whether a text is a JSON document (SQL Language Reference, IS JSON Condition).
CREATE OR REPLACE FUNCTION godwit_oracle.is_json(document text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  PERFORM document::json;
  RETURN true;
EXCEPTION WHEN invalid_text_representation THEN
  RETURN false;
END
$$;
