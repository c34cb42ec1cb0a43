-- The variance of so many values with a sum and a sum of squares, with the digits that NUMBER keeps (SQL Language Reference, VARIANCE, VAR_SAMP, VAR_POP): kind is variance (of one value: 0),
-- samp (of one value: NULL) or pop.
-- needs: divide
CREATE OR REPLACE FUNCTION godwit_oracle.variance(n bigint, total numeric, squares numeric, kind text DEFAULT 'variance') RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE
  WHEN n = 0 OR n = 1 AND kind = 'samp' THEN NULL
  WHEN n = 1 THEN 0
  ELSE godwit_oracle.divide(squares * n - total * total, n::numeric * (n - CASE kind WHEN 'pop' THEN 0 ELSE 1 END))
END
$$;
