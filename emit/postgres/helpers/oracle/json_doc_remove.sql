-- A JSON object without a member, or an array without an element; without one of the key or place it stays as it is (PL/SQL Packages and Types Reference, JSON_OBJECT_T, JSON_ARRAY_T: remove).
-- needs: json_doc_given
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_remove(document json, key text) RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.json_doc_given(document, 'object');
  RETURN (SELECT '{' || coalesce(string_agg(to_json(k)::text || ':' || v::text, ',' ORDER BY n), '') || '}' FROM json_each(document) WITH ORDINALITY AS e (k, v, n) WHERE k <> key);
END
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_remove(document json, place numeric) RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.json_doc_given(document, 'array');
  IF place IS NULL OR place < 0 OR place >= json_array_length(document) THEN
    RAISE EXCEPTION 'remove of an element that is not there is not converted' USING ERRCODE = '0A000';
  END IF;
  RETURN (SELECT '[' || coalesce(string_agg(v::text, ',' ORDER BY n), '') || ']' FROM json_array_elements(document) WITH ORDINALITY AS e (v, n) WHERE n <> place + 1);
END
$$;
