-- A URL with its %XX as the characters they stand for (PL/SQL Packages and Types Reference, UTL_URL.UNESCAPE): ORA-29262 where no two digits follow.
-- Bytes beyond ASCII need the character set UTF-8.
CREATE OR REPLACE FUNCTION godwit_oracle.utl_url_unescape(url text, charset text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  bytes bytea := '';
  piece text;
BEGIN
  IF url ~* '%(?![0-9a-f]{2})' THEN
    RAISE EXCEPTION 'ORA-29262: bad URL' USING ERRCODE = 'ZZMKU';
  END IF;
  IF url ~* '%([89a-f].|00)' AND coalesce(replace(upper(charset), '-', ''), '') NOT IN ('UTF8', 'AL32UTF8') OR url LIKE '%\%00%' THEN
    RAISE EXCEPTION 'UTL_URL.UNESCAPE of bytes beyond ASCII is not supported without UTF-8: %', url USING ERRCODE = '0A000';
  END IF;
  IF nullif(url, '') IS NULL THEN
    RETURN NULL;
  END IF;
  FOR piece IN SELECT m[1] FROM regexp_matches(url, '%..|[^%]+', 'g') AS m LOOP
    bytes := bytes || CASE WHEN piece LIKE '\%%' THEN decode(substr(piece, 2), 'hex') ELSE convert_to(piece, 'UTF8') END;
  END LOOP;
  RETURN convert_from(bytes, 'UTF8');
END
$$;
