-- e to a power with the digits that NUMBER keeps (SQL Language Reference, EXP).
-- needs: round_digits
CREATE OR REPLACE FUNCTION godwit_oracle.exp(n numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF n > 291 THEN
    RAISE EXCEPTION 'ORA-01426: numeric overflow' USING ERRCODE = 'ZZ13M';
  ELSIF n < -300 THEN
    RETURN 0;
  END IF;
  RETURN godwit_oracle.round_digits(pg_catalog.exp(round(n, greatest(scale(n), 60 - CASE WHEN n < 0 THEN floor(n)::integer ELSE 0 END))));
END
$$;
