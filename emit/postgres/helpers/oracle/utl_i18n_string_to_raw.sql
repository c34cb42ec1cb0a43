-- The bytes of a text in a character set (PL/SQL Packages and Types Reference, UTL_I18N.STRING_TO_RAW); that of the database is taken for AL32UTF8.
-- A character that the set does not have is an error: Oracle puts a replacement character there.
-- needs: utf16_bytes
CREATE OR REPLACE FUNCTION godwit_oracle.utl_i18n_string_to_raw(value text, charset text DEFAULT NULL) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  CASE coalesce(nullif(upper(charset), ''), 'AL32UTF8')
    WHEN 'AL32UTF8' THEN RETURN convert_to(nullif(value, ''), 'UTF8');
    WHEN 'UTF8' THEN
      IF value ~ '[\U00010000-\U0010FFFF]' THEN
        RAISE EXCEPTION 'characters above U+FFFF in UTF8 are not supported' USING ERRCODE = '0A000';
      END IF;
      RETURN convert_to(nullif(value, ''), 'UTF8');
    WHEN 'US7ASCII' THEN
      IF value ~ '[^\x01-\x7F]' THEN
        RAISE EXCEPTION 'the text has characters that US7ASCII does not have' USING ERRCODE = '0A000';
      END IF;
      RETURN convert_to(nullif(value, ''), 'UTF8');
    WHEN 'WE8ISO8859P1' THEN RETURN convert_to(nullif(value, ''), 'LATIN1');
    WHEN 'WE8MSWIN1252' THEN RETURN convert_to(nullif(value, ''), 'WIN1252');
    WHEN 'AL16UTF16' THEN RETURN godwit_oracle.utf16_bytes(nullif(value, ''));
    WHEN 'AL16UTF16LE' THEN RETURN godwit_oracle.utf16_bytes(nullif(value, ''), true);
    ELSE RAISE EXCEPTION 'the character set % is not supported', charset USING ERRCODE = '0A000';
  END CASE;
END
$$;
