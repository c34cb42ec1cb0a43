-- The number that set_last_insert_id kept last in this session, 0 at its start.
-- needs: var_get
CREATE OR REPLACE FUNCTION godwit_mysql.last_insert_id() RETURNS bigint
LANGUAGE sql STABLE AS $$
SELECT coalesce(godwit_mysql.var_get('@last_insert_id')::bigint, 0)
$$;
