-- The keys of an object as an array; NULL for what is no object.
CREATE OR REPLACE FUNCTION godwit_mysql.json_keys(document jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN jsonb_typeof(document) = 'object' THEN (SELECT coalesce(jsonb_agg(k ORDER BY octet_length(k), k COLLATE "C"), '[]') FROM jsonb_object_keys(document) AS t(k)) END
$$;
