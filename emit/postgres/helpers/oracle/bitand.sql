-- The bits that two whole numbers share, in two's complement (SQL Language Reference, BITAND). The numbers are cut; from -2**127 to 2**127 - 1.
-- needs: bit_and_wide
CREATE OR REPLACE FUNCTION godwit_oracle.bitand(a numeric, b numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE
  WHEN abs(a) < 9223372036854775808 AND abs(b) < 9223372036854775808 THEN (trunc(a)::bigint & trunc(b)::bigint)::numeric
  ELSE godwit_oracle.bit_and_wide(trunc(a), trunc(b))
END
$$;
