-- The number of members of a JSON object or of elements of an array, 1 for a scalar (PL/SQL Packages and Types Reference, JSON_ELEMENT_T: get_Size).
-- needs: json_doc_given
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_size(document json) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.json_doc_given(document);
  RETURN CASE json_typeof(document) WHEN 'array' THEN json_array_length(document) WHEN 'object' THEN (SELECT count(*) FROM json_object_keys(document)) ELSE 1 END;
END
$$;
