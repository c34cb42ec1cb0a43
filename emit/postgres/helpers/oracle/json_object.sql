-- A JSON object of keys and of values that are JSON already, NULL for null, or left out if absent (SQL Language Reference, JSON_OBJECT, JSON_OBJECTAGG). A key must not be NULL.
CREATE OR REPLACE FUNCTION godwit_oracle.json_object(keys text[], list text[], absent boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF array_position(keys, NULL) IS NOT NULL THEN
    RAISE EXCEPTION 'ORA-40594: a key of a JSON object is NULL' USING ERRCODE = '22004';
  END IF;
  RETURN (SELECT '{' || coalesce(string_agg(to_json(k)::text || ':' || coalesce(v, 'null'), ',' ORDER BY n) FILTER (WHERE v IS NOT NULL OR NOT absent), '') || '}'
    FROM unnest(keys, list) WITH ORDINALITY AS m (k, v, n));
END
$$;
