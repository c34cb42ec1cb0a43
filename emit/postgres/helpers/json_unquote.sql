-- The text of a JSON string, other documents as they are written.
CREATE OR REPLACE FUNCTION godwit_mysql.json_unquote(document jsonb) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN jsonb_typeof(document) = 'string' THEN document #>> '{}' ELSE document::text END
$$;
