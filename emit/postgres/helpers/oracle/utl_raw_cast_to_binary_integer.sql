-- The whole number in up to four bytes, the highest first (PL/SQL Packages and Types Reference, UTL_RAW).
CREATE OR REPLACE FUNCTION godwit_oracle.utl_raw_cast_to_binary_integer(value bytea) RETURNS integer
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF octet_length(value) > 4 THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error' USING ERRCODE = '22003';
  END IF;
  RETURN ('x' || lpad(encode(value, 'hex'), 8, '0'))::bit(32)::integer;
END
$$;
-- The same with the order of the bytes: 1 the highest first, 2 the lowest first.
CREATE OR REPLACE FUNCTION godwit_oracle.utl_raw_cast_to_binary_integer(value bytea, endianess numeric) RETURNS integer
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  digits text := '';
BEGIN
  IF octet_length(value) > 4 OR endianess NOT IN (1, 2, 3) THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error' USING ERRCODE = '22003';
  ELSIF endianess = 3 THEN
    RAISE EXCEPTION 'UTL_RAW.MACHINE_ENDIAN depends on the machine of the source' USING ERRCODE = '0A000';
  END IF;
  FOR i IN 0 .. octet_length(value) - 1 LOOP
    IF endianess = 1 THEN
      digits := digits || lpad(to_hex(get_byte(value, i)), 2, '0');
    ELSE
      digits := lpad(to_hex(get_byte(value, i)), 2, '0') || digits;
    END IF;
  END LOOP;
  RETURN ('x' || lpad(digits, 8, '0'))::bit(32)::integer;
END
$$;
