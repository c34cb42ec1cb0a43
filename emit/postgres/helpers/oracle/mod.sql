-- The remainder with the sign of the first number, the number itself for a divisor of 0 (SQL Language Reference, MOD).
CREATE OR REPLACE FUNCTION godwit_oracle.mod(a numeric, b numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN b = 0 THEN a ELSE a % b END
$$;
