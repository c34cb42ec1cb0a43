-- 1 when a value is an element of an array, or equal to a document that is none; else 0.
CREATE OR REPLACE FUNCTION godwit_mysql.json_member(value jsonb, document jsonb) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE jsonb_typeof(document) WHEN 'array' THEN EXISTS (SELECT FROM jsonb_array_elements(document) AS t(e) WHERE e = value)
    ELSE document = value END::integer
$$;
