-- The greatest of several values, NULL when one is NULL (SQL Language Reference, GREATEST).
CREATE OR REPLACE FUNCTION godwit_oracle.greatest_of(VARIADIC list anycompatiblearray) RETURNS anycompatible
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN array_position(list, NULL) IS NULL THEN (SELECT max(x) FROM unnest(list) AS u(x)) END
$$;
