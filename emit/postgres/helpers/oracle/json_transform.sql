-- A document after one operation of JSON_TRANSFORM (SQL Language Reference, JSON_TRANSFORM): set, insert, replace, append, remove, rename or keep. steps are the members of the path, with
-- a dot in front of each, and the indexes; of keep they are the members that stay. value is JSON text, the new key of rename. missing and existing say what happens where
-- the path reaches nothing, or something; '' is the default of the operation. What the manual leaves open, such as a member that is missing above the last, raises an error.
-- needs: json_compact, json_transformed
CREATE OR REPLACE FUNCTION godwit_oracle.json_transform(document text, change text, steps text[], value text, missing text DEFAULT '', existing text DEFAULT '') RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF document IS NULL THEN
    RETURN NULL;
  ELSIF change = 'keep' THEN
    IF json_typeof(document::json) <> 'object' OR missing <> '' THEN
      RAISE EXCEPTION 'KEEP of what is no object is not converted' USING ERRCODE = '0A000';
    END IF;
    RETURN (SELECT '{' || coalesce(string_agg(to_json(k)::text || ':' || godwit_oracle.json_compact(v), ',' ORDER BY n), '') || '}'
      FROM json_each(document::json) WITH ORDINALITY AS e (k, v, n) WHERE '.' || k = ANY (steps));
  END IF;
  RETURN godwit_oracle.json_transformed(document::json, change, steps, coalesce(value, 'null'), missing, existing);
END
$$;
