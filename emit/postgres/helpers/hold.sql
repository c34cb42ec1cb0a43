-- Opens a cursor that outlives its transaction, so that a procedure can commit behind it. An older cursor of the name is closed.
CREATE OR REPLACE FUNCTION godwit_mysql.hold(INOUT cursor refcursor, query text)
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_cursors WHERE name = cursor::text) THEN
        EXECUTE format('CLOSE %I', cursor);
    END IF;
    EXECUTE format('DECLARE %I SCROLL CURSOR WITH HOLD FOR %s', cursor, query);
END $$;
