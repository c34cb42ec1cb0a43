-- The object or array at a path of a JSON document as text (SQL Language Reference, JSON_QUERY). steps are the members and indexes of the path; a path that reaches into the elements of
-- an array without naming them raises an error. wrapper is empty, with or with conditional; on_error and on_empty are null, error, array or object.
-- needs: json_compact
CREATE OR REPLACE FUNCTION godwit_oracle.json_query(document text, path text, steps text[], wrapper text DEFAULT '', on_error text DEFAULT 'null', on_empty text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  found json;
  list jsonb[];
  mode text := on_error;
BEGIN
  IF document IS NULL THEN
    RETURN NULL;
  END IF;
  BEGIN
    list := ARRAY(SELECT jsonb_path_query(document::jsonb, path::jsonpath));
    found := document::json #> steps;
    IF cardinality(list) = 0 THEN
      mode := coalesce(on_empty, on_error);
    ELSIF cardinality(list) > 1 OR found IS NULL OR found::jsonb <> list[1] THEN
      RAISE EXCEPTION 'the path % reaches into the elements of an array', path USING ERRCODE = '0A000';
    ELSIF wrapper = 'with' OR wrapper = 'with conditional' AND json_typeof(found) NOT IN ('object', 'array') THEN
      RETURN '[' || godwit_oracle.json_compact(found) || ']';
    ELSIF json_typeof(found) IN ('object', 'array') THEN
      RETURN godwit_oracle.json_compact(found);
    END IF;
  EXCEPTION WHEN invalid_text_representation OR data_exception THEN
    mode := on_error;
  END;
  IF mode = 'error' THEN
    RAISE EXCEPTION 'ORA-40480: JSON_QUERY evaluated to no object or array' USING ERRCODE = '2203F';
  END IF;
  RETURN CASE mode WHEN 'array' THEN '[]' WHEN 'object' THEN '{}' END;
END
$$;
