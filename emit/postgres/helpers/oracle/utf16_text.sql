-- The text of bytes in UTF-16, the order of AL16UTF16 or, where little, of AL16UTF16LE (Database Globalization Support Guide, Unicode Character Sets). Half a character is an error: Oracle puts
-- a replacement character there.
CREATE OR REPLACE FUNCTION godwit_oracle.utf16_text(value bytea, little boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  plain bytea := value || ''::bytea;
  letters text[];
  unit integer;
  high integer;
BEGIN
  IF octet_length(plain) % 2 = 1 THEN
    RAISE EXCEPTION 'half a character of UTF-16 is not supported' USING ERRCODE = '0A000';
  END IF;
  FOR i IN 0..octet_length(plain) - 2 BY 2 LOOP
    unit := CASE WHEN little THEN get_byte(plain, i + 1) * 256 + get_byte(plain, i) ELSE get_byte(plain, i) * 256 + get_byte(plain, i + 1) END;
    IF unit BETWEEN 56320 AND 57343 AND high IS NOT NULL THEN
      letters[i / 2] := chr(65536 + ((high - 55296) << 10) + unit - 56320);
      high := NULL;
    ELSIF high IS NOT NULL OR unit BETWEEN 56320 AND 57343 THEN
      RAISE EXCEPTION 'half a character of UTF-16 is not supported' USING ERRCODE = '0A000';
    ELSIF unit BETWEEN 55296 AND 56319 THEN
      high := unit;
      letters[i / 2] := '';
    ELSE
      letters[i / 2] := chr(unit);
    END IF;
  END LOOP;
  IF high IS NOT NULL THEN
    RAISE EXCEPTION 'half a character of UTF-16 is not supported' USING ERRCODE = '0A000';
  END IF;
  RETURN coalesce(array_to_string(letters, ''), '');
END
$$;
