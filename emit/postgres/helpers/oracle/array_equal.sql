-- Two nested tables are equal that have the same elements in any order (PL/SQL Language Reference, Collection Comparisons); NULL where one of them or an element is NULL.
-- needs: array_except
CREATE OR REPLACE FUNCTION godwit_oracle.array_equal(a anyarray, b anyarray) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN cardinality(a) <> cardinality(b) THEN FALSE
    WHEN array_position(a, NULL) IS NULL AND array_position(b, NULL) IS NULL THEN cardinality(godwit_oracle.array_except(a, b)) = 0
  END
$$;
