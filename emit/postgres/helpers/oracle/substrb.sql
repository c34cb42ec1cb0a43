-- Bytes of a text from a position (SQL Language Reference, SUBSTR), in the character set AL32UTF8; bytes of a cut character become blanks.
-- needs: substr
CREATE OR REPLACE FUNCTION godwit_oracle.substrb(value text, start numeric, count numeric DEFAULT 2147483647) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  bytes bytea;
  front integer := 0;
  back integer := 0;
BEGIN
  IF octet_length(value) = length(value) THEN
    RETURN godwit_oracle.substr(value, start, count);
  END IF;
  bytes := godwit_oracle.substr(convert_to(value, 'UTF8'), start, count);
  WHILE front < octet_length(bytes) AND get_byte(bytes, front) & 192 = 128 LOOP
    front := front + 1;
  END LOOP;
  WHILE front + back < octet_length(bytes) LOOP
    back := back + 1;
    CONTINUE WHEN get_byte(bytes, octet_length(bytes) - back) & 192 = 128;
    IF back = (CASE WHEN get_byte(bytes, octet_length(bytes) - back) < 128 THEN 1 WHEN get_byte(bytes, octet_length(bytes) - back) < 224 THEN 2 WHEN get_byte(bytes, octet_length(bytes) - back) < 240 THEN 3 ELSE 4 END) THEN
      back := 0;
    END IF;
    EXIT;
  END LOOP;
  RETURN repeat(' ', front) || convert_from(pg_catalog.substr(bytes, front + 1, octet_length(bytes) - front - back), 'UTF8') || repeat(' ', back);
END
$$;
