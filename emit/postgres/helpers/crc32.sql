-- The CRC-32 of bytes.
CREATE OR REPLACE FUNCTION godwit_mysql.crc32(value bytea) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  crc bigint := 4294967295;
BEGIN
  FOR i IN 0 .. octet_length(value) - 1 LOOP
    crc := crc # get_byte(value, i);
    FOR k IN 1 .. 8 LOOP
      crc := (crc >> 1) # CASE WHEN crc & 1 = 1 THEN 3988292384 ELSE 0 END;
    END LOOP;
  END LOOP;
  RETURN crc # 4294967295;
END
$$;
