-- Keeps the number that LAST_INSERT_ID() gives from now on: the first that the client's statement generates, also when the statement fails later on.
-- needs: var_get, var_set, set_last_insert_id
CREATE OR REPLACE FUNCTION godwit_mysql.first_insert_id(id numeric) RETURNS bigint
LANGUAGE plpgsql AS $$
BEGIN
    IF id IS NOT NULL AND godwit_mysql.var_get('@insert_at') IS DISTINCT FROM statement_timestamp()::text THEN
        PERFORM godwit_mysql.var_set('@insert_at', statement_timestamp()::text);
        RETURN godwit_mysql.set_last_insert_id(id);
    END IF;
    RETURN godwit_mysql.var_get('@last_insert_id')::bigint;
END $$;
