-- So many years or months (SQL Language Reference, NUMTOYMINTERVAL), rounded to months.
CREATE OR REPLACE FUNCTION godwit_oracle.numtoyminterval(n numeric, unit text) RETURNS interval
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  months numeric := n * CASE upper(trim(unit)) WHEN 'YEAR' THEN 12 WHEN 'MONTH' THEN 1 END;
BEGIN
  IF months IS NULL THEN
    RAISE EXCEPTION 'ORA-01760: illegal argument for function' USING ERRCODE = '22023', DETAIL = unit;
  END IF;
  RETURN make_interval(months => round(months)::integer);
END
$$;
