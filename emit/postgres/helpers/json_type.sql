-- The type of a document as MySQL names it.
CREATE OR REPLACE FUNCTION godwit_mysql.json_type(document jsonb) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE jsonb_typeof(document) WHEN 'number' THEN CASE WHEN document::text ~ '[.eE]' THEN 'DOUBLE' ELSE 'INTEGER' END ELSE upper(jsonb_typeof(document)) END
$$;
