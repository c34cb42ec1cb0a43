-- The number whose binary digits are given (SQL Language Reference, BIN_TO_NUM).
CREATE OR REPLACE FUNCTION godwit_oracle.bin_to_num(VARIADIC digits numeric[]) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result numeric := 0;
  digit numeric;
BEGIN
  FOREACH digit IN ARRAY digits LOOP
    IF digit NOT IN (0, 1) THEN
      RAISE EXCEPTION 'ORA-01428: argument ''%'' is out of range', digit USING ERRCODE = '22023';
    END IF;
    result := result * 2 + digit;
  END LOOP;
  RETURN result;
END
$$;
