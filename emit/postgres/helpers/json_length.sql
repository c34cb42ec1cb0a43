-- The number of elements or members, 1 for a scalar.
CREATE OR REPLACE FUNCTION godwit_mysql.json_length(document jsonb) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE jsonb_typeof(document) WHEN 'array' THEN jsonb_array_length(document)
    WHEN 'object' THEN (SELECT count(*) FROM jsonb_object_keys(document))::integer ELSE 1 END
$$;
