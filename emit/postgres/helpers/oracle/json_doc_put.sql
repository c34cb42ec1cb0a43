-- A JSON object with a member in the place of one of the same key, or behind the others (PL/SQL Packages and Types Reference, JSON_OBJECT_T: put).
-- needs: json_doc_given
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_put(document json, key text, value json) RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.json_doc_given(document, 'object');
  IF key IS NULL OR value IS NULL THEN
    RAISE EXCEPTION 'put of a key or document that is NULL is not converted' USING ERRCODE = '0A000';
  ELSIF document -> key IS NULL THEN
    RETURN left(document::text, -1) || CASE WHEN document::text <> '{}' THEN ',' ELSE '' END || to_json(key)::text || ':' || value::text || '}';
  END IF;
  RETURN (SELECT '{' || string_agg(to_json(k)::text || ':' || CASE WHEN k = key THEN value ELSE v END::text, ',' ORDER BY n) || '}' FROM json_each(document) WITH ORDINALITY AS e (k, v, n));
END
$$;
