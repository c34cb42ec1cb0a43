-- The standard deviation of all values, with the source's rounding.
-- needs: variance_step
CREATE OR REPLACE FUNCTION godwit_mysql.stddev_pop_of(state double precision[]) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN state[1] > 0 THEN sqrt(state[3] / state[1]) END
$$;
CREATE OR REPLACE AGGREGATE godwit_mysql.stddev_pop(double precision) (
  SFUNC = godwit_mysql.variance_step,
  STYPE = double precision[],
  INITCOND = '{0,0,0}',
  FINALFUNC = godwit_mysql.stddev_pop_of
);
