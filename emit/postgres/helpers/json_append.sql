-- A document with a value appended to the array at a path; what is no array becomes one.
-- needs: json_get, json_put
CREATE OR REPLACE FUNCTION godwit_mysql.json_append(document jsonb, path text[], value jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  old constant jsonb := godwit_mysql.json_get(document, path);
BEGIN
  IF old IS NULL THEN
    RETURN document;
  END IF;
  RETURN godwit_mysql.json_put(document, path, CASE jsonb_typeof(old) WHEN 'array' THEN old ELSE jsonb_build_array(old) END || jsonb_build_array(value), 'replace');
END
$$;
