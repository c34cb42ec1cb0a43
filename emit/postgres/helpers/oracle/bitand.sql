-- The bits that two whole numbers share, in two's complement (SQL Language Reference, BITAND). The numbers are cut; from -2**63 to 2**63 - 1.
CREATE OR REPLACE FUNCTION godwit_oracle.bitand(a numeric, b numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT (trunc(a)::bigint & trunc(b)::bigint)::numeric
$$;
