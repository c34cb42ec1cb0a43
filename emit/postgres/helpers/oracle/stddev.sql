-- The standard deviation of so many values with a sum and a sum of squares (SQL Language Reference, STDDEV, STDDEV_SAMP, STDDEV_POP): kind as for variance.
-- needs: variance, sqrt
CREATE OR REPLACE FUNCTION godwit_oracle.stddev(n bigint, total numeric, squares numeric, kind text DEFAULT 'variance') RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT godwit_oracle.sqrt(godwit_oracle.variance(n, total, squares, kind))
$$;
