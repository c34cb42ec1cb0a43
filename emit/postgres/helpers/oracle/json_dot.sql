-- What a path of members and indexes reaches in a document: the value, several in an array, NULL for none (JSON Developer's Guide, "Simple Dot-Notation Access to JSON Data").
CREATE OR REPLACE FUNCTION godwit_oracle.json_dot(document jsonb, path text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN count(*) > 1 THEN jsonb_agg(v ORDER BY n) ELSE (array_agg(v))[1] END FROM jsonb_path_query(document, path::jsonpath) WITH ORDINALITY AS p (v, n)
$$;
