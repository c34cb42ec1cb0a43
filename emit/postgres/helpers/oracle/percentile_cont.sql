-- The interpolated value at a fraction of the ordered values (SQL Language Reference, PERCENTILE_CONT), in exact numbers; NULLs do not count.
CREATE OR REPLACE FUNCTION godwit_oracle.percentile_cont_of(list numeric[], fraction numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  sorted numeric[] := ARRAY(SELECT x FROM unnest(list) AS u(x) WHERE x IS NOT NULL ORDER BY x);
  place numeric := fraction * (cardinality(sorted) - 1);
  low integer := floor(place)::integer + 1;
BEGIN
  IF fraction NOT BETWEEN 0 AND 1 THEN
    RAISE EXCEPTION 'ORA-30495: The percentile value should be a number between 0 and 1.' USING ERRCODE = '22003';
  ELSIF cardinality(sorted) = 0 THEN
    RETURN NULL;
  END IF;
  RETURN trim_scale(sorted[low] + (place - floor(place)) * coalesce(sorted[low + 1] - sorted[low], 0));
END
$$;

CREATE OR REPLACE AGGREGATE godwit_oracle.percentile_cont(numeric ORDER BY numeric) (SFUNC = array_append, STYPE = numeric[], FINALFUNC = godwit_oracle.percentile_cont_of);
