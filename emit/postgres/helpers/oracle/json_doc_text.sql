-- The text of a document (PL/SQL Packages and Types Reference, JSON_ELEMENT_T: to_String, stringify, to_Clob).
-- needs: json_doc_given
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_text(document json) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.json_doc_given(document);
  RETURN document::text;
END
$$;
