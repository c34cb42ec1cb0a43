-- The number of the bucket that a value falls into, of so many between two borders (SQL Language Reference, WIDTH_BUCKET): 0 below, one more above.
CREATE OR REPLACE FUNCTION godwit_oracle.width_bucket(value numeric, low numeric, high numeric, buckets numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF trunc(buckets) < 1 THEN
    RAISE EXCEPTION 'ORA-30494: The argument [4] of WIDTH_BUCKET function is NULL or invalid' USING ERRCODE = '22023';
  END IF;
  RETURN pg_catalog.width_bucket(value, low, high, trunc(buckets)::integer);
END
$$;
