-- Bytes in the form of gzip (PL/SQL Packages and Types Reference, UTL_COMPRESS; RFC 1951 and 1952). They are stored as they are: every program that reads gzip reads them, and they get no smaller.
-- needs: crc32
CREATE OR REPLACE FUNCTION godwit_oracle.utl_compress_lz_compress(value bytea, quality numeric DEFAULT 6) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  size integer := octet_length(value);
  blocks bytea;
  crc bytea;
BEGIN
  IF value IS NULL OR quality IS NULL OR quality NOT BETWEEN 1 AND 9 THEN
    RAISE EXCEPTION 'ORA-29261: bad argument' USING ERRCODE = 'ZZMKT';
  END IF;
  SELECT string_agg(CASE WHEN p.first + 65535 >= size THEN '\x01'::bytea ELSE '\x00'::bytea END
      || set_byte(set_byte('\x0000', 0, p.count & 255), 1, p.count >> 8) || set_byte(set_byte('\x0000', 0, 255 - (p.count & 255)), 1, 255 - (p.count >> 8))
      || substr(value, p.first + 1, p.count), ''::bytea ORDER BY p.first)
  INTO blocks
  FROM (SELECT first, least(65535, size - first) AS count FROM generate_series(0, greatest(size - 1, 0), 65535) AS g (first)) AS p;
  crc := int8send(godwit_oracle.crc32(value));
  RETURN '\x1f8b0800000000000003'::bytea || blocks
    || substr(crc, 8, 1) || substr(crc, 7, 1) || substr(crc, 6, 1) || substr(crc, 5, 1)
    || substr(int4send(size), 4, 1) || substr(int4send(size), 3, 1) || substr(int4send(size), 2, 1) || substr(int4send(size), 1, 1);
END
$$;
