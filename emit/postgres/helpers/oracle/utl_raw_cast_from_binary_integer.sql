-- The four bytes of a whole number, the highest first (PL/SQL Packages and Types Reference, UTL_RAW).
CREATE OR REPLACE FUNCTION godwit_oracle.utl_raw_cast_from_binary_integer(n numeric) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT int4send(n::integer)
$$;
-- The same with the order of the bytes: 1 the highest first, 2 the lowest first.
CREATE OR REPLACE FUNCTION godwit_oracle.utl_raw_cast_from_binary_integer(n numeric, endianess numeric) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  bytes bytea := int4send(n::integer);
BEGIN
  IF endianess = 1 THEN
    RETURN bytes;
  ELSIF endianess = 2 THEN
    RETURN substr(bytes, 4, 1) || substr(bytes, 3, 1) || substr(bytes, 2, 1) || substr(bytes, 1, 1);
  ELSIF endianess = 3 THEN
    RAISE EXCEPTION 'UTL_RAW.MACHINE_ENDIAN depends on the machine of the source' USING ERRCODE = '0A000';
  END IF;
  RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error' USING ERRCODE = '22003';
END
$$;
