-- MULTISET UNION ALL of nested tables that are kept as jsonb (see map_item), without their gaps; NULL where one of both is NULL.
CREATE OR REPLACE FUNCTION godwit_oracle.map_union(a jsonb, b jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN (
    SELECT coalesce(jsonb_object_agg(e.place::text, e.value), '{}') || jsonb_build_object('', count(*))
    FROM (
      SELECT x.value, row_number() OVER (ORDER BY x.list, x.key::integer) AS place
      FROM (SELECT 1 AS list, * FROM jsonb_each(a) UNION ALL SELECT 2, * FROM jsonb_each(b)) AS x
      WHERE x.key <> ''
    ) AS e
  ) END
$$;
