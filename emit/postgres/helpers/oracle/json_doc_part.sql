-- A document as one of its own type: TREAT(x AS JSON_OBJECT_T), JSON_OBJECT_T(x), x.clone() (PL/SQL Packages and Types Reference, JSON Data Structures).
-- needs: json_doc_given
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_part(document json, kind text) RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.json_doc_given(document, kind);
  RETURN document;
END
$$;
