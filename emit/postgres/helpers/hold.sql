-- Opens a cursor that outlives its transaction, so that a procedure can commit behind it, and gives its name, which is a new one if there is
-- none. An older cursor of the name is closed.
CREATE OR REPLACE FUNCTION godwit_mysql.hold(INOUT cursor refcursor, query text)
LANGUAGE plpgsql AS $$
DECLARE
    number integer := 1;
BEGIN
    IF cursor IS NULL THEN
        WHILE EXISTS (SELECT FROM pg_cursors WHERE name = 'result_' || number) LOOP
            number := number + 1;
        END LOOP;
        cursor := 'result_' || number;
    ELSIF EXISTS (SELECT FROM pg_cursors WHERE name = cursor::text) THEN
        EXECUTE format('CLOSE %I', cursor);
    END IF;
    EXECUTE format('DECLARE %I SCROLL CURSOR WITH HOLD FOR %s', cursor, query);
END $$;
