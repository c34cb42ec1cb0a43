-- needs: map_item
-- An element of a collection that is kept as jsonb, as text (see map_item).
CREATE OR REPLACE FUNCTION godwit_oracle.map_text(map jsonb, key text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT godwit_oracle.map_item(map, key) #>> '{}'
$$;
CREATE OR REPLACE FUNCTION godwit_oracle.map_text(map jsonb, key integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT godwit_oracle.map_item(map, key::text) #>> '{}'
$$;
