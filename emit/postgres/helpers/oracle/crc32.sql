-- The checksum CRC-32 of bytes, as zip and gzip have it (RFC 1952, section 8).
CREATE OR REPLACE FUNCTION godwit_oracle.crc32(value bytea) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  plain bytea := value || ''::bytea;
  rests bigint[];
  rest bigint;
BEGIN
  FOR i IN 0..255 LOOP
    rest := i;
    FOR k IN 1..8 LOOP
      rest := CASE WHEN rest & 1 = 1 THEN (rest >> 1) # 3988292384 ELSE rest >> 1 END;
    END LOOP;
    rests[i] := rest;
  END LOOP;
  rest := 4294967295;
  FOR i IN 0..octet_length(plain) - 1 LOOP
    rest := rests[(rest # get_byte(plain, i)) & 255] # (rest >> 8);
  END LOOP;
  RETURN rest # 4294967295;
END
$$;
