-- EXISTS of a collection that is kept as jsonb (see map_item); false where it is not initialised.
CREATE OR REPLACE FUNCTION godwit_oracle.map_exists(map jsonb, key text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(key <> '' AND map ? key, false)
$$;
CREATE OR REPLACE FUNCTION godwit_oracle.map_exists(map jsonb, key integer) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(map ? key::text, false)
$$;
