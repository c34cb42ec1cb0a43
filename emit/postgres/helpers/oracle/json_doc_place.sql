-- A JSON array with a value before the element at a place, or instead of it (PL/SQL Packages and Types Reference, JSON_ARRAY_T: put). A place behind the end raises an error.
-- needs: json_doc_given, json_doc_append
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_place(document json, place numeric, value json, overwrite boolean DEFAULT false) RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.json_doc_given(document, 'array');
  IF place IS NULL OR value IS NULL OR overwrite IS NULL OR place < 0 OR place > json_array_length(document) OR place <> trunc(place) THEN
    RAISE EXCEPTION 'put at a place that is not there, or of NULL, is not converted' USING ERRCODE = '0A000';
  ELSIF place = json_array_length(document) THEN
    RETURN godwit_oracle.json_doc_append(document, value);
  END IF;
  RETURN (
    SELECT '[' || string_agg(CASE WHEN n <> place + 1 THEN v::text WHEN overwrite THEN value::text ELSE value::text || ',' || v::text END, ',' ORDER BY n) || ']'
    FROM json_array_elements(document) WITH ORDINALITY AS e (v, n));
END
$$;
