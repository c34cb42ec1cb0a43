-- The natural logarithm with the digits that NUMBER keeps (SQL Language Reference, LN).
-- needs: round_digits
CREATE OR REPLACE FUNCTION godwit_oracle.ln(n numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF n <= 0 THEN
    RAISE EXCEPTION 'ORA-01428: argument ''%'' is out of range', n USING ERRCODE = '22023';
  END IF;
  RETURN godwit_oracle.round_digits(pg_catalog.ln(round(n, greatest(scale(n), 90))));
END
$$;
