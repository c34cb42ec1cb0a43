-- The object or array that a member is, NULL if there is none (PL/SQL Packages and Types Reference, JSON_OBJECT_T: get_Object, get_Array). Values of other types raise an error.
-- needs: json_doc_given
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_member(item json, kind text) RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF item IS NOT NULL THEN
    PERFORM godwit_oracle.json_doc_given(item, kind);
  END IF;
  RETURN item;
END
$$;
