-- The number that a JSON value is (PL/SQL Packages and Types Reference, JSON_OBJECT_T: get_Number). Values of other types raise an error.
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_number(item json) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF json_typeof(item) NOT IN ('number', 'null') THEN
    RAISE EXCEPTION 'get_Number of a JSON value of the type % is not converted', json_typeof(item) USING ERRCODE = '0A000';
  END IF;
  RETURN trim_scale((item #>> '{}')::numeric);
END
$$;
