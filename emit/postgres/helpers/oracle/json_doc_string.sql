-- The text that a JSON value is (PL/SQL Packages and Types Reference, JSON_OBJECT_T: get_String). Values of other types raise an error.
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_string(item json) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF json_typeof(item) NOT IN ('string', 'null') THEN
    RAISE EXCEPTION 'get_String of a JSON value of the type % is not converted', json_typeof(item) USING ERRCODE = '0A000';
  END IF;
  RETURN nullif(item #>> '{}', '');
END
$$;
