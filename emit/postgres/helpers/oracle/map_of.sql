-- A collection that is kept as jsonb (see map_item) of the elements of an array; sized tells a nested table. The elements are taken apart in a select
-- list, as FROM would make columns of the fields of records.
CREATE OR REPLACE FUNCTION godwit_oracle.map_of(list anyarray, sized boolean) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(jsonb_object_agg(e.place::text, coalesce(to_jsonb(e.item), 'null')), '{}')
    || CASE WHEN sized THEN jsonb_build_object('', cardinality(list)) ELSE '{}' END
  FROM (SELECT x.item, row_number() OVER () AS place FROM (SELECT unnest(list) AS item) AS x) AS e
$$;
