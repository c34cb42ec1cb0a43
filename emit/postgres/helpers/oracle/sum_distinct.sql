-- The sum of the different values of a window, which are gathered in an array (SQL Language Reference, SUM); NULL where there is none.
CREATE OR REPLACE FUNCTION godwit_oracle.sum_distinct(list numeric[]) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT sum(DISTINCT v) FROM unnest(list) AS v
$$;
