-- The greatest of several texts by their bytes, NULL when one is NULL (SQL Language Reference, GREATEST).
CREATE OR REPLACE FUNCTION godwit_oracle.greatest_text(VARIADIC list text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN array_position(list, NULL) IS NULL THEN (SELECT max(x COLLATE "C") FROM unnest(list) AS u(x)) END
$$;
