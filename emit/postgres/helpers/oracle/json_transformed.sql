-- The part of a document at which the rest of a path begins, changed there; see json_transform.
-- needs: json_compact
CREATE OR REPLACE FUNCTION godwit_oracle.json_transformed(part json, change text, steps text[], value text, missing text, existing text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  is_member boolean := left(steps[1], 1) = '.';
  key text := CASE WHEN left(steps[1], 1) = '.' THEN substr(steps[1], 2) ELSE steps[1] END;
  old json;
  new text;
  keys text[] := '{}';
  items text[];
  place integer;
BEGIN
  IF json_typeof(part) <> (CASE WHEN is_member THEN 'object' ELSE 'array' END) THEN
    RAISE EXCEPTION 'a path of JSON_TRANSFORM that takes an array for its elements, or the other way round, is not converted' USING ERRCODE = '0A000';
  ELSIF is_member THEN
    old := part -> key;
    SELECT coalesce(array_agg(k ORDER BY n), '{}'), coalesce(array_agg(godwit_oracle.json_compact(v) ORDER BY n), '{}') INTO keys, items FROM json_each(part) WITH ORDINALITY AS e (k, v, n);
    place := array_position(keys, key);
  ELSE
    old := part -> key::integer;
    items := ARRAY(SELECT godwit_oracle.json_compact(v) FROM json_array_elements(part) WITH ORDINALITY AS e (v, n) ORDER BY n);
    place := CASE WHEN old IS NOT NULL THEN key::integer + 1 END;
  END IF;
  IF old IS NULL AND (cardinality(steps) > 1 OR NOT is_member OR change = 'append') AND change NOT IN ('remove', 'rename', 'replace') AND missing NOT IN ('ignore', 'error') THEN
    RAISE EXCEPTION 'JSON_TRANSFORM of a part that is missing is not converted' USING ERRCODE = '0A000';
  ELSIF old IS NULL AND (missing = 'error' OR missing = 'create' AND change IN ('remove', 'rename')) THEN
    RAISE EXCEPTION 'ORA-40769: value not found to modify (JSON_TRANSFORM)' USING ERRCODE = '22035';
  ELSIF old IS NULL AND missing <> 'create' AND (missing = 'ignore' OR change IN ('remove', 'rename', 'replace')) THEN
    RETURN godwit_oracle.json_compact(part);
  ELSIF cardinality(steps) > 1 AND old IS NULL THEN
    RAISE EXCEPTION 'JSON_TRANSFORM of a part that is missing is not converted' USING ERRCODE = '0A000';
  ELSIF cardinality(steps) > 1 THEN
    items[place] := godwit_oracle.json_transformed(old, change, steps[2:], value, missing, existing);
  ELSIF change = 'remove' THEN
    keys := keys[:place - 1] || keys[place + 1:];
    items := items[:place - 1] || items[place + 1:];
  ELSIF change = 'append' THEN
    IF json_typeof(old) <> 'array' THEN
      RAISE EXCEPTION 'APPEND to what is no array is not converted' USING ERRCODE = '0A000';
    END IF;
    new := items[place];
    items[place] := left(new, -1) || CASE WHEN new = '[]' THEN '' ELSE ',' END || godwit_oracle.json_compact(value::json) || ']';
  ELSIF change = 'rename' THEN
    IF NOT is_member OR part -> value IS NOT NULL AND value <> key THEN
      RAISE EXCEPTION 'RENAME of an element, or to the name of another member, is not converted' USING ERRCODE = '0A000';
    END IF;
    keys[place] := value;
  ELSIF old IS NOT NULL AND existing = 'ignore' THEN
    RETURN godwit_oracle.json_compact(part);
  ELSIF old IS NOT NULL AND (existing = 'error' OR existing = '' AND change = 'insert' AND is_member) THEN
    RAISE EXCEPTION 'ORA-40763: existing value at the specified path (JSON_TRANSFORM)' USING ERRCODE = '22035';
  ELSIF change = 'insert' AND NOT is_member THEN
    items := items[:place - 1] || godwit_oracle.json_compact(value::json) || items[place:];
  ELSIF old IS NULL THEN
    keys := keys || key;
    items := items || godwit_oracle.json_compact(value::json);
  ELSE
    items[place] := godwit_oracle.json_compact(value::json);
  END IF;
  IF is_member THEN
    RETURN '{' || coalesce((SELECT string_agg(to_json(k)::text || ':' || v, ',' ORDER BY n) FROM unnest(keys, items) WITH ORDINALITY AS e (k, v, n)), '') || '}';
  END IF;
  RETURN '[' || array_to_string(items, ',') || ']';
END
$$;
