-- The logarithm of the second number to the base of the first, with the digits that NUMBER keeps (SQL Language Reference, LOG).
-- needs: divide
CREATE OR REPLACE FUNCTION godwit_oracle.log(base numeric, n numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result numeric;
BEGIN
  IF base <= 0 OR base = 1 OR n <= 0 THEN
    RAISE EXCEPTION 'ORA-01428: argument ''%'' is out of range', CASE WHEN n <= 0 THEN n ELSE base END USING ERRCODE = '22023';
  END IF;
  result := godwit_oracle.divide(pg_catalog.ln(round(n, greatest(scale(n), 90))), pg_catalog.ln(round(base, greatest(scale(base), 90))));
  RETURN CASE WHEN abs(result - round(result)) < 1e-37 THEN round(result) ELSE result END;
END
$$;
