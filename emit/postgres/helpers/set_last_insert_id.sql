-- Keeps the number that LAST_INSERT_ID() gives from now on; NULL (no row was inserted) leaves it as it is.
-- needs: var_set
CREATE OR REPLACE FUNCTION godwit_mysql.set_last_insert_id(id numeric) RETURNS bigint
LANGUAGE plpgsql AS $$
BEGIN
    IF id IS NOT NULL THEN
        PERFORM godwit_mysql.var_set('@last_insert_id', id::text);
    END IF;
    RETURN id;
END $$;
