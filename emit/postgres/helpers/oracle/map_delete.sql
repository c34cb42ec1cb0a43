-- needs: map_count
-- DELETE of one element, or of those between two keys, of a collection that is kept as jsonb (see map_item). NULL deletes nothing.
CREATE OR REPLACE FUNCTION godwit_oracle.map_delete(map jsonb, low integer, high integer) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.map_count(map);
  RETURN map - ARRAY(SELECT k.name FROM jsonb_object_keys(map) AS k(name) WHERE k.name <> '' AND k.name::integer BETWEEN low AND high);
END
$$;
CREATE OR REPLACE FUNCTION godwit_oracle.map_delete(map jsonb, low text, high text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.map_count(map);
  RETURN map - ARRAY(SELECT k.name FROM jsonb_object_keys(map) AS k(name) WHERE k.name <> '' AND k.name COLLATE "C" BETWEEN low AND high);
END
$$;
