-- A JSON array of values that are JSON already, NULL for null, or left out if absent (SQL Language Reference, JSON_ARRAY, JSON_ARRAYAGG).
CREATE OR REPLACE FUNCTION godwit_oracle.json_array(list text[], absent boolean DEFAULT true) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT '[' || coalesce(string_agg(coalesce(v, 'null'), ',' ORDER BY n) FILTER (WHERE v IS NOT NULL OR NOT absent), '') || ']'
FROM unnest(list) WITH ORDINALITY AS m (v, n)
$$;
