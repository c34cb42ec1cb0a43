-- MULTISET UNION of two nested tables; NULL where one of them is NULL (SQL Language Reference, MULTISET UNION).
CREATE OR REPLACE FUNCTION godwit_oracle.array_union(a anyarray, b anyarray) RETURNS anyarray
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT a || b
$$;
