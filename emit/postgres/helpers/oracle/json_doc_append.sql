-- A JSON array with a further element (PL/SQL Packages and Types Reference, JSON_ARRAY_T: append).
-- needs: json_doc_given
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_append(document json, value json) RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.json_doc_given(document, 'array');
  IF value IS NULL THEN
    RAISE EXCEPTION 'append of a document that is NULL is not converted' USING ERRCODE = '0A000';
  END IF;
  RETURN left(document::text, -1) || CASE WHEN document::text <> '[]' THEN ',' ELSE '' END || value::text || ']';
END
$$;
