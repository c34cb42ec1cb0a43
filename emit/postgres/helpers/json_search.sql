-- The path of the first text in a document that is like a pattern (one), or those of all (all): a text, several in an array; NULL for none.
CREATE OR REPLACE FUNCTION godwit_mysql.json_search(document jsonb, every boolean, pattern text) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
WITH RECURSIVE part(value, path, place) AS (
  SELECT document, '$', ARRAY[]::bigint[]
  UNION ALL
  SELECT c.value, part.path || c.step, part.place || c.n
  FROM part CROSS JOIN LATERAL (
    SELECT e.value, '[' || e.n - 1 || ']', e.n
    FROM jsonb_array_elements(CASE jsonb_typeof(part.value) WHEN 'array' THEN part.value END) WITH ORDINALITY AS e(value, n)
    UNION ALL
    SELECT o.value, '.' || CASE WHEN o.key COLLATE "und-x-icu" ~ '^[[:alpha:]_$][[:alnum:]_$]*$' THEN o.key ELSE to_json(o.key)::text END, o.n
    FROM jsonb_each(CASE jsonb_typeof(part.value) WHEN 'object' THEN part.value END) WITH ORDINALITY AS o(key, value, n)
  ) AS c(value, step, n)
), found(paths) AS (
  SELECT array_agg(path ORDER BY place) FROM part WHERE jsonb_typeof(value) = 'string' AND (value #>> '{}') COLLATE "C" LIKE pattern COLLATE "C"
)
SELECT CASE WHEN every AND cardinality(paths) > 1 THEN to_jsonb(paths) ELSE to_jsonb(paths[1]) END FROM found
$$;
