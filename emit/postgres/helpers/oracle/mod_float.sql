-- The remainder of binary numbers with the sign of the first, which is the result for a divisor of 0 (SQL Language Reference, MOD).
CREATE OR REPLACE FUNCTION godwit_oracle.mod_float(a double precision, b double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN b = 0 THEN a WHEN a IN ('Infinity', '-Infinity', 'NaN') OR b = 'NaN' THEN 'NaN' WHEN b IN ('Infinity', '-Infinity') THEN a
  ELSE (a::text::numeric % b::text::numeric)::double precision END
$$;
