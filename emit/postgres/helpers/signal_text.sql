-- The text of a condition that is raised. SIGNAL with a text that is NULL raises an error about that instead.
CREATE OR REPLACE FUNCTION godwit_mysql.signal_text(message text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF message IS NULL THEN
        RAISE EXCEPTION 'Variable ''MESSAGE_TEXT'' can''t be set to the value of ''NULL''' USING ERRCODE = '42000';
    END IF;
    RETURN message;
END $$;
