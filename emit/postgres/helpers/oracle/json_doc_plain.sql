-- A document without blanks between its parts and with its texts spelled in one way.
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_plain(document json) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  CASE json_typeof(document)
    WHEN 'object' THEN
      IF (SELECT count(*) <> count(DISTINCT k) FROM json_object_keys(document) AS e (k)) THEN
        RAISE EXCEPTION 'a JSON object with a key that stands twice is not converted' USING ERRCODE = '0A000';
      END IF;
      RETURN (SELECT '{' || coalesce(string_agg(to_json(k)::text || ':' || godwit_oracle.json_doc_plain(v), ',' ORDER BY n), '') || '}' FROM json_each(document) WITH ORDINALITY AS e (k, v, n));
    WHEN 'array' THEN
      RETURN (SELECT '[' || coalesce(string_agg(godwit_oracle.json_doc_plain(v), ',' ORDER BY n), '') || ']' FROM json_array_elements(document) WITH ORDINALITY AS e (v, n));
    WHEN 'string' THEN
      RETURN to_json(document #>> '{}')::text;
    ELSE
      RETURN btrim(document::text, E' \t\r\n');
  END CASE;
END
$$;
