-- The text of a scalar (1 and 0 for true and false); NULL for null, arrays and objects.
CREATE OR REPLACE FUNCTION godwit_mysql.json_scalar(document jsonb) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE jsonb_typeof(document) WHEN 'string' THEN document #>> '{}' WHEN 'number' THEN document::text
    WHEN 'boolean' THEN CASE WHEN document = 'true' THEN '1' ELSE '0' END END
$$;
