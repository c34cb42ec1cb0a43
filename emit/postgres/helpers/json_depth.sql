-- The depth of a document: 1 for scalars and empty containers.
CREATE OR REPLACE FUNCTION godwit_mysql.json_depth(document jsonb) RETURNS integer
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE jsonb_typeof(document)
    WHEN 'array' THEN 1 + coalesce((SELECT max(godwit_mysql.json_depth(e)) FROM jsonb_array_elements(document) AS t(e)), 0)
    WHEN 'object' THEN 1 + coalesce((SELECT max(godwit_mysql.json_depth(v)) FROM jsonb_each(document) AS t(k, v)), 0)
    ELSE 1 END;
END
$$;
