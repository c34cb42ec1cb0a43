-- Tells of which type a JSON value is (PL/SQL Packages and Types Reference, JSON_ELEMENT_T: is_Object and the like).
-- needs: json_doc_given
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_is(document json, kind text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.json_doc_given(document);
  RETURN CASE kind WHEN 'scalar' THEN json_typeof(document) NOT IN ('object', 'array') WHEN 'true' THEN document::text = 'true' WHEN 'false' THEN document::text = 'false' ELSE json_typeof(document) = kind END;
END
$$;
