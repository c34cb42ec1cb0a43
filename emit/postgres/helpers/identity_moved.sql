-- Moves the counter of an identity column past the greatest number in the table; it never moves back.
CREATE OR REPLACE FUNCTION godwit_mysql.identity_moved(tab regclass, col text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    seq text := pg_get_serial_sequence(tab::text, col);
    top numeric;
    reached numeric;
    used boolean;
BEGIN
    EXECUTE format('SELECT max(%I) FROM %s', col, tab) INTO top;
    EXECUTE format('SELECT last_value, is_called FROM %s', seq) INTO reached, used;
    IF top >= reached + (CASE WHEN used THEN 1 ELSE 0 END) THEN
        PERFORM setval(seq, top::bigint);
    END IF;
END $$;
