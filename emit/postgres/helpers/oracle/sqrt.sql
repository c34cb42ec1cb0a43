-- The square root with the digits that NUMBER keeps (SQL Language Reference, SQRT).
-- needs: round_digits
CREATE OR REPLACE FUNCTION godwit_oracle.sqrt(n numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF n < 0 THEN
    RAISE EXCEPTION 'ORA-01428: argument ''%'' is out of range', n USING ERRCODE = '22023';
  END IF;
  RETURN trim_scale(godwit_oracle.round_digits(pg_catalog.sqrt(round(n, greatest(scale(n), 120)))));
END
$$;
