-- Gives the last number of an identity column back, as MySQL does within a statement when the row that took it is there already.
-- needs: var_get, var_set
CREATE OR REPLACE FUNCTION godwit_mysql.number_back(tab text, col text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    seq text := pg_get_serial_sequence(tab, col);
    last bigint;
    used boolean;
BEGIN
    EXECUTE format('SELECT last_value, is_called FROM %s', seq) INTO last, used;
    IF used THEN
        PERFORM godwit_mysql.var_set('@high ' || seq, greatest(last + 1, coalesce(godwit_mysql.var_get('@high ' || seq), '0')::bigint)::text);
        PERFORM setval(seq, last, false);
    END IF;
END $$;
