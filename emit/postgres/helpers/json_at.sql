-- The value at a path in jsonpath notation, NULL when there is none.
CREATE OR REPLACE FUNCTION godwit_mysql.json_at(document jsonb, path text) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT jsonb_path_query_first(document, ('lax ' || path)::jsonpath, '{}', true)
$$;
