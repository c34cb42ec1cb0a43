-- What bytes in the form of gzip hold (PL/SQL Packages and Types Reference, UTL_COMPRESS; RFC 1951 and 1952); an error where the checksum is another.
-- needs: crc32, inflate, int_little
CREATE OR REPLACE FUNCTION godwit_oracle.utl_compress_lz_uncompress(value bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  plain bytea := value || ''::bytea;
  start integer := 10;
  flags integer;
  found bytea;
BEGIN
  IF value IS NULL THEN
    RAISE EXCEPTION 'ORA-29261: bad argument' USING ERRCODE = 'ZZMKT';
  ELSIF octet_length(plain) < 20 OR substr(plain, 1, 3) <> '\x1f8b08' THEN
    RAISE EXCEPTION 'ORA-29294: A data error occurred during compression or uncompression.' USING ERRCODE = 'ZZMLQ';
  END IF;
  flags := get_byte(plain, 3);
  IF flags & 4 <> 0 THEN
    start := start + 2 + get_byte(plain, 10) + 256 * get_byte(plain, 11);
  END IF;
  FOR i IN 1..CASE flags & 24 WHEN 24 THEN 2 WHEN 0 THEN 0 ELSE 1 END LOOP -- a name, a comment
    start := start + position('\x00'::bytea IN substr(plain, start + 1));
  END LOOP;
  start := start + (flags & 2);
  found := godwit_oracle.inflate(substr(plain, start + 1, octet_length(plain) - start - 8));
  IF godwit_oracle.crc32(found) <> godwit_oracle.int_little(plain, octet_length(plain) - 8) OR octet_length(found) <> godwit_oracle.int_little(plain, octet_length(plain) - 4) THEN
    RAISE EXCEPTION 'ORA-29294: A data error occurred during compression or uncompression.' USING ERRCODE = 'ZZMLQ';
  END IF;
  RETURN found;
END
$$;
