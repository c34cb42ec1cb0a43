-- The remainder of a division of floating point numbers with the sign of the dividend, exact as fmod of C; NULL for a zero divisor.
CREATE OR REPLACE FUNCTION godwit_mysql.float_mod(value double precision, divisor double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  rest double precision := abs(value);
  step double precision := abs(divisor);
BEGIN
  IF divisor = 0 THEN
    RETURN NULL;
  ELSIF rest < step THEN
    RETURN value;
  END IF;
  -- Doubling, halving and the subtraction of a number that is at least half as large make no rounding errors.
  WHILE step <= rest / 2 LOOP
    step := step * 2;
  END LOOP;
  LOOP
    IF rest >= step THEN
      rest := rest - step;
    END IF;
    EXIT WHEN step = abs(divisor);
    step := step / 2;
  END LOOP;
  RETURN CASE WHEN value < 0 THEN -rest ELSE rest END;
END
$$;
