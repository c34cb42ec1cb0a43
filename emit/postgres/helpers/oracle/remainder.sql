-- The distance to the nearest multiple of the second number, the even one in the middle (SQL Language Reference, REMAINDER).
CREATE OR REPLACE FUNCTION godwit_oracle.remainder(a numeric, b numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  rest numeric;
BEGIN
  IF b = 0 THEN
    RAISE EXCEPTION 'ORA-01428: argument ''0'' is out of range' USING ERRCODE = '22023';
  END IF;
  rest := a % b;
  IF abs(rest) * 2 > abs(b) OR abs(rest) * 2 = abs(b) AND div(a, b) % 2 <> 0 THEN
    rest := rest - sign(rest) * abs(b);
  END IF;
  RETURN rest;
END
$$;
