-- The least of several values, NULL when one is NULL (SQL Language Reference, LEAST).
CREATE OR REPLACE FUNCTION godwit_oracle.least_of(VARIADIC list anycompatiblearray) RETURNS anycompatible
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN array_position(list, NULL) IS NULL THEN (SELECT min(x) FROM unnest(list) AS u(x)) END
$$;
