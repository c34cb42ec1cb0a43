-- A JSON object with another key for a member (PL/SQL Packages and Types Reference, JSON_OBJECT_T: rename_Key). A key that is not there, or one that is there already, raises an error.
-- needs: json_doc_given
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_rename(document json, old_key text, new_key text) RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.json_doc_given(document, 'object');
  IF old_key IS NULL OR new_key IS NULL OR document -> old_key IS NULL OR document -> new_key IS NOT NULL THEN
    RAISE EXCEPTION 'rename_Key of a key that is not there, or to one that is, is not converted' USING ERRCODE = '0A000';
  END IF;
  RETURN (SELECT '{' || string_agg(to_json(CASE WHEN k = old_key THEN new_key ELSE k END)::text || ':' || v::text, ',' ORDER BY n) || '}' FROM json_each(document) WITH ORDINALITY AS e (k, v, n));
END
$$;
