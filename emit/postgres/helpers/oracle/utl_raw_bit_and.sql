-- The bits of two values combined by and (PL/SQL Packages and Types Reference, UTL_RAW): the longer one keeps its bytes behind the end of the other.
CREATE OR REPLACE FUNCTION godwit_oracle.utl_raw_bit_and(a bytea, b bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result bytea := CASE WHEN octet_length(a) >= octet_length(b) THEN a ELSE b END;
BEGIN
  FOR i IN 0..least(octet_length(a), octet_length(b)) - 1 LOOP
    result := set_byte(result, i, get_byte(a, i) & get_byte(b, i));
  END LOOP;
  RETURN result;
END
$$;
