-- 1 when all (or one) of the values found in a document are there, else 0; NULL for no document.
CREATE OR REPLACE FUNCTION godwit_mysql.json_paths(document jsonb, every boolean, VARIADIC found jsonb[]) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN document IS NOT NULL THEN (SELECT CASE WHEN every THEN bool_and(e IS NOT NULL) ELSE bool_or(e IS NOT NULL) END::integer FROM unnest(found) AS f(e)) END
$$;
