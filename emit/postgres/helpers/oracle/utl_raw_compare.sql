-- The place of the first byte that differs, 0 for none; the shorter value counts as filled with bytes of a value, zero by default (PL/SQL Packages and Types Reference, UTL_RAW).
CREATE OR REPLACE FUNCTION godwit_oracle.utl_raw_compare(a bytea, b bytea, pad bytea DEFAULT '\x00') RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF a IS NULL OR b IS NULL THEN
    RETURN CASE WHEN a IS NULL AND b IS NULL THEN 0 ELSE 1 END;
  END IF;
  FOR i IN 0..greatest(octet_length(a), octet_length(b)) - 1 LOOP
    IF (CASE WHEN i < octet_length(a) THEN get_byte(a, i) ELSE get_byte(pad, 0) END) <> (CASE WHEN i < octet_length(b) THEN get_byte(b, i) ELSE get_byte(pad, 0) END) THEN
      RETURN i + 1;
    END IF;
  END LOOP;
  RETURN 0;
END
$$;
