-- The character set of a number as NLS_CHARSET_ID gives it (Database Globalization Support Guide, Character Sets); 0 is that of the database (DBMS_LOB.DEFAULT_CSID).
CREATE OR REPLACE FUNCTION godwit_oracle.charset_name(id numeric) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  CASE id
    WHEN 0, 873 THEN RETURN 'AL32UTF8';
    WHEN 871 THEN RETURN 'UTF8';
    WHEN 1 THEN RETURN 'US7ASCII';
    WHEN 31 THEN RETURN 'WE8ISO8859P1';
    WHEN 178 THEN RETURN 'WE8MSWIN1252';
    WHEN 2000 THEN RETURN 'AL16UTF16';
    ELSE RAISE EXCEPTION 'the character set of number % is not supported', id USING ERRCODE = '0A000';
  END CASE;
END
$$;
