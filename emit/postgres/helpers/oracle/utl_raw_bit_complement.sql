-- All bits turned round (PL/SQL Packages and Types Reference, UTL_RAW).
CREATE OR REPLACE FUNCTION godwit_oracle.utl_raw_bit_complement(value bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result bytea := value;
BEGIN
  FOR i IN 0..octet_length(value) - 1 LOOP
    result := set_byte(result, i, 255 - get_byte(value, i));
  END LOOP;
  RETURN result;
END
$$;
