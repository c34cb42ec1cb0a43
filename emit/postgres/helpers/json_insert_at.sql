-- A document with a value put before the element of an array at a path that ends in a position; unchanged where there is no array.
-- needs: json_get, json_put
CREATE OR REPLACE FUNCTION godwit_mysql.json_insert_at(document jsonb, path text[], value jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  above constant text[] := path[:cardinality(path) - 1];
  old constant jsonb := godwit_mysql.json_get(document, above);
  spot constant integer := btrim(path[cardinality(path)], '[]')::integer;
BEGIN
  IF old IS NULL OR jsonb_typeof(old) <> 'array' THEN
    RETURN document;
  END IF;
  RETURN godwit_mysql.json_put(document, above, CASE WHEN spot >= jsonb_array_length(old) THEN old || jsonb_build_array(value)
    ELSE jsonb_insert(old, ARRAY[spot::text], value) END, 'replace');
END
$$;
