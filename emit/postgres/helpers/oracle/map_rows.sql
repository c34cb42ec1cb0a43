-- The elements of a collection that is kept as jsonb (see map_item) as rows of a composite type, in the order of their places; no rows where it is NULL.
CREATE OR REPLACE FUNCTION godwit_oracle.map_rows(element anyelement, map jsonb) RETURNS SETOF anyelement
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_populate_record(element, nullif(e.value, 'null'))
  FROM jsonb_each(map) AS e
  WHERE e.key <> ''
  ORDER BY e.key::integer
$$;
