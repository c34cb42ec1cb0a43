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
