-- A BINARY_DOUBLE or BINARY_FLOAT as NUMBER, which has neither NaN nor infinities and is below 1E126 (SQL Language Reference, "Floating-Point Numbers" and
-- NUMBER Data Type): ORA-01426 (Database Error Messages).
CREATE OR REPLACE FUNCTION godwit_oracle.float_number(value double precision) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value = 'NaN' OR abs(value) >= 1e126 THEN
    RAISE EXCEPTION 'ORA-01426: numeric overflow' USING ERRCODE = '22003';
  END IF;
  RETURN value::numeric;
END
$$;
CREATE OR REPLACE FUNCTION godwit_oracle.float_number(value real) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value = 'NaN' OR abs(value) = 'Infinity' THEN
    RAISE EXCEPTION 'ORA-01426: numeric overflow' USING ERRCODE = '22003';
  END IF;
  RETURN value::numeric;
END
$$;
