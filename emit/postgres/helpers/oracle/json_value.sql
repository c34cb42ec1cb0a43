-- The scalar at a path of a JSON document as text (SQL Language Reference, JSON_VALUE). kind is text or number; on_error and on_empty are null, error or value, which is the text behind each.
-- NULL for no document.
-- needs: is_number
CREATE OR REPLACE FUNCTION godwit_oracle.json_value(document text, path text, kind text DEFAULT 'text', on_error text DEFAULT 'null', error_value text DEFAULT NULL, on_empty text DEFAULT NULL, empty_value text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  list jsonb[];
  value text;
  failed boolean := false;
BEGIN
  IF document IS NULL THEN
    RETURN NULL;
  END IF;
  BEGIN
    list := ARRAY(SELECT jsonb_path_query(document::jsonb, path::jsonpath));
  EXCEPTION WHEN invalid_text_representation OR data_exception THEN
    failed := true;
  END;
  IF NOT failed AND cardinality(list) = 0 AND on_empty IS NOT NULL THEN
    IF on_empty = 'error' THEN
      RAISE EXCEPTION 'ORA-40462: JSON_VALUE evaluated to no value' USING ERRCODE = '22035';
    END IF;
    RETURN CASE on_empty WHEN 'value' THEN empty_value END;
  END IF;
  IF NOT failed AND cardinality(list) = 1 AND jsonb_typeof(list[1]) NOT IN ('object', 'array') THEN
    value := nullif(list[1] #>> '{}', '');
    IF kind = 'text' OR value IS NULL OR godwit_oracle.is_number(value) THEN
      RETURN value;
    END IF;
  END IF;
  IF on_error = 'error' THEN
    RAISE EXCEPTION 'ORA-40456: JSON_VALUE evaluated to no scalar value' USING ERRCODE = '2203F';
  END IF;
  RETURN CASE on_error WHEN 'value' THEN error_value END;
END
$$;
