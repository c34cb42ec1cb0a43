-- A document with a value put at a path of keys and positions: mode 'set', 'insert' (only where nothing is) or 'replace' (only where something
-- is). What lies above the last part of the path must be there. A position behind the end of an array appends; position 0 of what is no array is the value itself.
CREATE OR REPLACE FUNCTION godwit_mysql.json_put(document jsonb, path text[], value jsonb, mode text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  key constant text COLLATE "C" := path[1];
  there boolean;
BEGIN
  IF cardinality(path) = 0 THEN
    RETURN CASE WHEN mode = 'insert' THEN document ELSE value END;
  ELSIF document IS NULL THEN
    RETURN NULL;
  END IF;
  IF key LIKE '[%' AND jsonb_typeof(document) <> 'array' THEN
    IF key = '[0]' THEN
      RETURN godwit_mysql.json_put(document, path[2:], value, mode);
    ELSIF cardinality(path) > 1 OR mode = 'replace' THEN
      RETURN document;
    END IF;
    RETURN jsonb_build_array(document, value);
  ELSIF key LIKE '[%' THEN
    there := btrim(key, '[]')::integer < jsonb_array_length(document);
    IF NOT there THEN
      RETURN CASE WHEN cardinality(path) > 1 OR mode = 'replace' THEN document ELSE document || jsonb_build_array(value) END;
    END IF;
    RETURN jsonb_set(document, ARRAY[btrim(key, '[]')], godwit_mysql.json_put(document -> btrim(key, '[]')::integer, path[2:], value, mode));
  ELSIF jsonb_typeof(document) <> 'object' THEN
    RETURN document;
  END IF;
  there := document ? substr(key, 2);
  IF NOT there THEN
    RETURN CASE WHEN cardinality(path) > 1 OR mode = 'replace' THEN document ELSE document || jsonb_build_object(substr(key, 2), value) END;
  END IF;
  RETURN document || jsonb_build_object(substr(key, 2), godwit_mysql.json_put(document -> substr(key, 2), path[2:], value, mode));
END
$$;
