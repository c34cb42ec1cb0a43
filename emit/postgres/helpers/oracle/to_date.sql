-- A date and time of day read by a datetime format (SQL Language Reference, TO_DATE).
-- needs: parse_date
CREATE OR REPLACE FUNCTION godwit_oracle.to_date(value text, mask text) RETURNS timestamp
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF mask COLLATE "C" IN ('YYYY-MM-DD', 'YYYY-MM-DD HH24:MI:SS', 'yyyy-mm-dd', 'yyyy-mm-dd hh24:mi:ss')
      AND value COLLATE "C" ~ '^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$' THEN
    RETURN value::timestamp;
  ELSIF mask COLLATE "C" IN ('YYYY-MM-DD HH24:MI:SS', 'yyyy-mm-dd hh24:mi:ss')
      AND value COLLATE "C" ~ '^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8]) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d$' THEN
    RETURN value::timestamp;
  ELSIF value = '' THEN
    RETURN NULL;
  ELSIF mask ~* 'FF|TZ' THEN
    RAISE EXCEPTION 'ORA-01821: date format not recognized' USING ERRCODE = '22007', DETAIL = mask;
  END IF;
  RETURN (godwit_oracle.parse_date(value, mask)).moment;
END
$$;
