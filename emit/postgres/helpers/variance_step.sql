-- One step of the variance as the source computes it: how many values there were, their mean, and the sum of squares around it.
CREATE OR REPLACE FUNCTION godwit_mysql.variance_step(state double precision[], value double precision) RETURNS double precision[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  n double precision := state[1] + 1;
  mean double precision := state[2] + (value - state[2]) / n;
BEGIN
  IF n = 1 THEN
    RETURN ARRAY[1, value, 0];
  END IF;
  RETURN ARRAY[n, mean, state[3] + (value - state[2]) * (value - mean)];
END
$$;
