-- Raises an error with a number from -20999 to -20000 (PL/SQL Language Reference, RAISE_APPLICATION_ERROR Procedure): its state is ZX and the last three digits.
CREATE OR REPLACE FUNCTION godwit_oracle.raise_application_error(code numeric, message text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF round(code) NOT BETWEEN -20999 AND -20000 THEN
    RAISE EXCEPTION 'ORA-21000: error number argument to raise_application_error of % is out of range', code USING ERRCODE = '22023';
  END IF;
  RAISE EXCEPTION 'ORA%: %', round(code), coalesce(message, '') USING ERRCODE = 'ZX' || right(round(code)::text, 3);
END
$$;
