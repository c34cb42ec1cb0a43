-- The text of bytes in a character set (PL/SQL Packages and Types Reference, UTL_I18N.RAW_TO_CHAR); that of the database is taken for AL32UTF8.
-- Bytes that are no character of the set are an error: Oracle puts a replacement character there.
-- needs: utf16_text
CREATE OR REPLACE FUNCTION godwit_oracle.utl_i18n_raw_to_char(value bytea, charset text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  CASE coalesce(nullif(upper(charset), ''), 'AL32UTF8')
    WHEN 'AL32UTF8', 'UTF8' THEN RETURN nullif(convert_from(value, 'UTF8'), '');
    WHEN 'US7ASCII' THEN
      IF encode(value, 'hex') !~ '^([0-7].)*$' THEN
        RAISE EXCEPTION 'bytes that US7ASCII does not have are not supported' USING ERRCODE = '0A000';
      END IF;
      RETURN nullif(convert_from(value, 'UTF8'), '');
    WHEN 'WE8ISO8859P1' THEN RETURN nullif(convert_from(value, 'LATIN1'), '');
    WHEN 'WE8MSWIN1252' THEN RETURN nullif(convert_from(value, 'WIN1252'), '');
    WHEN 'AL16UTF16' THEN RETURN nullif(godwit_oracle.utf16_text(value), '');
    WHEN 'AL16UTF16LE' THEN RETURN nullif(godwit_oracle.utf16_text(value, true), '');
    ELSE RAISE EXCEPTION 'the character set % is not supported', charset USING ERRCODE = '0A000';
  END CASE;
END
$$;
