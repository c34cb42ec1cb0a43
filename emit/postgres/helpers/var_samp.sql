-- The variance of a sample, with the source's rounding.
-- needs: variance_step
CREATE OR REPLACE FUNCTION godwit_mysql.var_samp_of(state double precision[]) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN state[1] > 1 THEN state[3] / (state[1] - 1) END
$$;
CREATE OR REPLACE AGGREGATE godwit_mysql.var_samp(double precision) (
  SFUNC = godwit_mysql.variance_step,
  STYPE = double precision[],
  INITCOND = '{0,0,0}',
  FINALFUNC = godwit_mysql.var_samp_of
);
