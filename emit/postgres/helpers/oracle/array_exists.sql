-- EXISTS of a nested table or varray without gaps; false where it is not initialised (PL/SQL Language Reference, Collection Methods).
CREATE OR REPLACE FUNCTION godwit_oracle.array_exists(list anyarray, place integer) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(place BETWEEN 1 AND cardinality(list), false)
$$;
