-- Raises the error of a method of a document that is NULL, and of one that is of another kind (PL/SQL Packages and Types Reference, JSON Data Structures).
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_given(document json, kind text DEFAULT 'any') RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF document IS NULL THEN
    RAISE EXCEPTION 'ORA-30625: method dispatch on NULL SELF argument is disallowed' USING ERRCODE = 'ZZNMP';
  ELSIF kind = 'scalar' AND json_typeof(document) IN ('object', 'array') OR kind IN ('object', 'array') AND json_typeof(document) <> kind THEN
    RAISE EXCEPTION 'a JSON value of the type % where one of the type % is asked for is not converted', json_typeof(document), kind USING ERRCODE = '0A000';
  END IF;
END
$$;
