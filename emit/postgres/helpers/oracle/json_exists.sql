-- Whether a JSON document has something at a path (SQL Language Reference, JSON_EXISTS Condition): false for what is no document.
CREATE OR REPLACE FUNCTION godwit_oracle.json_exists(document text, path text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN jsonb_path_exists(document::jsonb, path::jsonpath);
EXCEPTION WHEN invalid_text_representation OR data_exception THEN
  RETURN false;
END
$$;
