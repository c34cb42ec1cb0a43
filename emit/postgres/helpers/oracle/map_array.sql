-- A collection in a collection that is kept as jsonb, or a nested table that is (see map_item), as an array of the type of list.
CREATE OR REPLACE FUNCTION godwit_oracle.map_array(list anyarray, map jsonb) RETURNS anyarray
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(map) = 'object' THEN
    map := (SELECT coalesce(jsonb_agg(e.value ORDER BY e.key::integer), '[]') FROM jsonb_each(map) AS e WHERE e.key <> '');
  END IF;
  EXECUTE format('SELECT x.list FROM jsonb_to_record(jsonb_build_object(''list'', $1)) AS x(list %s)', pg_typeof(list)) INTO list USING map;
  RETURN list;
END
$$;
