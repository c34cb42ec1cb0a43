-- The quotient of two numbers with the digits that NUMBER keeps: twenty pairs of digits, counted from the point, which is 39 or 40 digits
-- (SQL Language Reference, NUMBER Data Type).
CREATE OR REPLACE FUNCTION godwit_oracle.divide(a numeric, b numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  q numeric := a / b;
  x numeric := abs(q);
  digits integer;
BEGIN
  IF q * b = a THEN
    RETURN trim_scale(q);
  ELSIF x >= 1 THEN
    digits := 40 - (length(trunc(x)::text) + 1) / 2 * 2;
  ELSIF x = 0 THEN
    RETURN 0;
  ELSE
    digits := 40 + length(substring(x::text FROM '^0\.(0*)')) / 2 * 2;
  END IF;
  IF digits > scale(a) THEN
    RETURN trim_scale(round(round(a, digits) / b, digits));
  END IF;
  RETURN trim_scale(round(a / b, digits));
END
$$;
