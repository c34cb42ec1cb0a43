-- The quotient of two binary numbers: infinite, or no number, for a divisor of zero (SQL Language Reference, Floating-Point Numbers).
CREATE OR REPLACE FUNCTION godwit_oracle.divide_float(a double precision, b double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE
  WHEN b <> 0 THEN a / b
  WHEN a = 'NaN' OR a = 0 THEN 'NaN'
  WHEN (a < 0) = (b::text LIKE '-%') THEN 'Infinity'
  ELSE '-Infinity'
END
$$;
