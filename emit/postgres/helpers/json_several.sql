-- The values that are not NULL as an array; NULL when all are.
CREATE OR REPLACE FUNCTION godwit_mysql.json_several(VARIADIC found jsonb[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT jsonb_agg(e ORDER BY n) FILTER (WHERE e IS NOT NULL) FROM unnest(found) WITH ORDINALITY AS f(e, n)
$$;
