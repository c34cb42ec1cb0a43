-- The keys of a JSON object in their order (PL/SQL Packages and Types Reference, JSON_OBJECT_T: get_Keys).
-- needs: json_doc_given
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_keys(document json) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.json_doc_given(document, 'object');
  IF document::text = '{}' THEN
    RAISE EXCEPTION 'get_Keys of an object without keys is not converted' USING ERRCODE = '0A000';
  END IF;
  RETURN ARRAY(SELECT k FROM json_object_keys(document) WITH ORDINALITY AS e (k, n) ORDER BY n);
END
$$;
