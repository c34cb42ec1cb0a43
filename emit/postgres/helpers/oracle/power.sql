-- A power with the digits that NUMBER keeps (SQL Language Reference, POWER).
-- needs: round_digits, divide
CREATE OR REPLACE FUNCTION godwit_oracle.power(base numeric, exponent numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result numeric := 1;
  square numeric := base;
  n integer;
BEGIN
  IF exponent <> trunc(exponent) THEN
    IF base < 0 THEN
      RAISE EXCEPTION 'ORA-01428: argument ''%'' is out of range', base USING ERRCODE = '22023';
    ELSIF base = 0 AND exponent > 0 THEN
      RETURN 0;
    END IF;
    RETURN godwit_oracle.round_digits(exp(round(exponent, greatest(scale(exponent), 60)) * ln(round(base, greatest(scale(base), 60)))));
  ELSIF abs(exponent) > 100000 AND base NOT IN (0, 1, -1) THEN
    RETURN godwit_oracle.round_digits(base ^ exponent);
  ELSIF exponent < 0 AND base = 0 THEN
    RAISE EXCEPTION 'ORA-01426: numeric overflow' USING ERRCODE = 'ZZ13M';
  END IF;
  n := CASE WHEN base IN (0, 1, -1) THEN abs(exponent) % 2 + CASE WHEN exponent = 0 THEN 0 ELSE 2 END ELSE abs(exponent) END;
  WHILE n > 0 LOOP
    IF n % 2 = 1 THEN
      result := result * square;
      IF scale(result) > 400 THEN
        result := trim_scale(round(result, 400));
      END IF;
    END IF;
    n := n / 2;
    IF n > 0 THEN
      square := square * square;
      IF scale(square) > 400 THEN
        square := trim_scale(round(square, 400));
      END IF;
    END IF;
    IF abs(result) >= 1e126 OR abs(square) >= 1e260 THEN
      IF exponent < 0 THEN
        RETURN 0;
      END IF;
      RAISE EXCEPTION 'ORA-01426: numeric overflow' USING ERRCODE = 'ZZ13M';
    END IF;
  END LOOP;
  RETURN CASE WHEN exponent < 0 THEN godwit_oracle.divide(1, result) ELSE godwit_oracle.round_digits(result) END;
END
$$;
