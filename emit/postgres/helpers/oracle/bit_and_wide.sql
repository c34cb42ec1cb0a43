-- BITAND of whole numbers of 128 bits, by four pieces of 32: ORA-01426 beyond.
CREATE OR REPLACE FUNCTION godwit_oracle.bit_and_wide(a numeric, b numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  piece CONSTANT numeric := 4294967296;
  every CONSTANT numeric := 340282366920938463463374607431768211456;
  x numeric := CASE WHEN a < 0 THEN a + every ELSE a END;
  y numeric := CASE WHEN b < 0 THEN b + every ELSE b END;
  result numeric := 0;
  place numeric := 1;
BEGIN
  IF a IS NULL OR b IS NULL THEN
    RETURN NULL;
  ELSIF a < -every / 2 OR a >= every / 2 OR b < -every / 2 OR b >= every / 2 THEN
    RAISE EXCEPTION 'ORA-01426: numeric overflow' USING ERRCODE = 'ZZ13M';
  END IF;
  FOR i IN 1..4 LOOP
    result := result + place * (mod(x, piece)::bigint & mod(y, piece)::bigint);
    place := place * piece;
    x := div(x, piece);
    y := div(y, piece);
  END LOOP;
  RETURN CASE WHEN result >= every / 2 THEN result - every ELSE result END;
END
$$;
