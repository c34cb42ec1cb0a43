-- The distance of a binary number to the nearest multiple of the second, NaN for a divisor of 0 (SQL Language Reference, REMAINDER).
-- needs: remainder
CREATE OR REPLACE FUNCTION godwit_oracle.remainder_float(a double precision, b double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN b = 0 OR a IN ('Infinity', '-Infinity', 'NaN') OR b = 'NaN' THEN 'NaN' WHEN b IN ('Infinity', '-Infinity') THEN a
  ELSE godwit_oracle.remainder(a::text::numeric, b::text::numeric)::double precision END
$$;
