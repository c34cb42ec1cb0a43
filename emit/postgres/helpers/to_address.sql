-- A network address of version 4 or 6 read from a text. What is none is NULL, or an error where it must be one.
CREATE OR REPLACE FUNCTION godwit_mysql.to_address(value text, version integer, must boolean) RETURNS inet
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF version = 4 AND value COLLATE "C" ~ '^\d{1,3}(\.\d{1,3}){3}$' OR version = 6 AND value COLLATE "C" ~ '^[0-9a-fA-F:.]+$' AND value COLLATE "C" ~ ':' THEN
    BEGIN
      RETURN value::inet;
    EXCEPTION WHEN invalid_text_representation THEN
      NULL;
    END;
  END IF;
  IF must THEN
    RAISE invalid_datetime_format USING MESSAGE = format('Incorrect inet%s value: %L', version, value);
  END IF;
  RETURN NULL;
END
$$;
