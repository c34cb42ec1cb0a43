-- The document that a text is, without blanks between its parts and with its texts spelled in one way (PL/SQL Packages and Types Reference, JSON Data Structures). kind is object, array, scalar or any.
-- needs: json_doc_plain
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_parse(value text, kind text) RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  document json;
BEGIN
  IF value IS NULL THEN
    RAISE EXCEPTION 'a JSON document that is parsed from NULL is not converted' USING ERRCODE = '0A000';
  END IF;
  BEGIN
    document := value::json;
  EXCEPTION WHEN invalid_text_representation THEN
    RAISE EXCEPTION 'ORA-40441: JSON syntax error' USING ERRCODE = '22032';
  END;
  IF kind <> 'any' AND json_typeof(document) <> kind THEN
    RAISE EXCEPTION 'ORA-40587: invalid JSON type' USING ERRCODE = '22032';
  END IF;
  RETURN godwit_oracle.json_doc_plain(document)::json;
END
$$;
