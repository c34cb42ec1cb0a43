-- A member of a JSON object, or an element of an array by its place from 0 on; NULL if there is none (PL/SQL Packages and Types Reference, JSON_OBJECT_T, JSON_ARRAY_T: get).
-- needs: json_doc_given
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_item(document json, key text) RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.json_doc_given(document, 'object');
  RETURN document -> key;
END
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_item(document json, place numeric) RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.json_doc_given(document, 'array');
  RETURN CASE WHEN place >= 0 THEN document -> place::integer END;
END
$$;
