-- A URL with the characters that are not legal, and the reserved ones where that is asked for, as %XX (PL/SQL Packages and Types Reference, UTL_URL.ESCAPE).
-- Characters beyond ASCII need the character set UTF-8; percent signs, brackets and # are errors: the manual does not tell what becomes of them.
CREATE OR REPLACE FUNCTION godwit_oracle.utl_url_escape(url text, reserved boolean DEFAULT false, charset text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  result text := '';
  letter text;
BEGIN
  IF url ~ '[]%#[]' OR url ~ '[^\x01-\x7F]' AND coalesce(replace(upper(charset), '-', ''), '') NOT IN ('UTF8', 'AL32UTF8') THEN
    RAISE EXCEPTION 'UTL_URL.ESCAPE of this text is not supported: %', url USING ERRCODE = '0A000';
  END IF;
  IF nullif(url, '') IS NULL THEN
    RETURN NULL;
  END IF;
  FOREACH letter IN ARRAY string_to_array(url, NULL) LOOP
    IF letter ~ '[-A-Za-z0-9_.!~*''()]' AND letter ~ '[\x01-\x7F]' OR letter ~ '[;/?:@&=+$,]' AND NOT coalesce(reserved, false) THEN
      result := result || letter;
    ELSE
      result := result || regexp_replace(upper(encode(convert_to(letter, 'UTF8'), 'hex')), '(..)', '%\1', 'g');
    END IF;
  END LOOP;
  RETURN result;
END
$$;
