-- A LOB into which DBMS_LOB.CONVERTTOBLOB or CONVERTTOCLOB has written what dbms_lob_converted gives: its new value (PL/SQL Packages and Types Reference, DBMS_LOB).
-- needs: dbms_lob_converted, dbms_lob_write
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_convert_into(target bytea, target_start numeric, value text, amount numeric, start numeric, charset numeric) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  part bytea := godwit_oracle.dbms_lob_converted(value, amount, start, charset);
BEGIN
  IF target IS NULL OR target_start IS NULL THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error: invalid LOB locator specified: ORA-22275' USING ERRCODE = '22003';
  ELSIF target_start < 1 THEN
    RAISE EXCEPTION 'ORA-21560: argument is null, invalid, or out of range' USING ERRCODE = 'ZZGMW';
  ELSIF octet_length(part) = 0 THEN
    RETURN target;
  END IF;
  RETURN godwit_oracle.dbms_lob_write(target, octet_length(part), target_start, part);
END
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_convert_into(target text, target_start numeric, value bytea, amount numeric, start numeric, charset numeric) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  part text := godwit_oracle.dbms_lob_converted(value, amount, start, charset);
BEGIN
  IF target IS NULL OR target_start IS NULL THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error: invalid LOB locator specified: ORA-22275' USING ERRCODE = '22003';
  ELSIF target_start < 1 THEN
    RAISE EXCEPTION 'ORA-21560: argument is null, invalid, or out of range' USING ERRCODE = 'ZZGMW';
  ELSIF part = '' THEN
    RETURN target;
  END IF;
  RETURN godwit_oracle.dbms_lob_write(target, length(part), target_start, part);
END
$$;
