-- A JSON document without blanks between its parts, its keys in the order that they have.
CREATE OR REPLACE FUNCTION godwit_oracle.json_compact(document json) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  CASE json_typeof(document)
    WHEN 'object' THEN
      RETURN (SELECT '{' || coalesce(string_agg(to_json(k)::text || ':' || godwit_oracle.json_compact(v), ',' ORDER BY n), '') || '}' FROM json_each(document) WITH ORDINALITY AS e (k, v, n));
    WHEN 'array' THEN
      RETURN (SELECT '[' || coalesce(string_agg(godwit_oracle.json_compact(v), ',' ORDER BY n), '') || ']' FROM json_array_elements(document) WITH ORDINALITY AS e (v, n));
    ELSE
      RETURN btrim(document::text, E' \t\r\n');
  END CASE;
END
$$;
