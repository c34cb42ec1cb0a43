-- A number as text behind CAST(... AS VARCHAR2(n)), which raises an error where the text is longer (SQL Language Reference, CAST): ORA-25137 in SQL statements,
-- ORA-06502 in programs. A text would be cut.
CREATE OR REPLACE FUNCTION godwit_oracle.cast_number(value text, characters integer, program boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF length(value) > characters THEN
    IF program THEN
      RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error: character string buffer too small' USING ERRCODE = '22018';
    END IF;
    RAISE EXCEPTION 'ORA-25137: Data value out of range' USING ERRCODE = 'ZZJE9';
  END IF;
  RETURN value;
END
$$;
