-- A date and an interval of years and months: an error where the month lacks the day (SQL Language Reference, Datetime/Interval Arithmetic).
CREATE OR REPLACE FUNCTION godwit_oracle.add_interval_months(value timestamp, span interval) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result timestamp := value + span;
BEGIN
  IF extract(day FROM result) <> extract(day FROM value) THEN
    RAISE EXCEPTION 'ORA-01839: date not valid for month specified' USING ERRCODE = '22008';
  END IF;
  RETURN result;
END
$$;

-- The same for a moment, told in the zone of the session.
CREATE OR REPLACE FUNCTION godwit_oracle.add_interval_months(value timestamptz, span interval) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result timestamptz := value + span;
BEGIN
  IF extract(day FROM result) <> extract(day FROM value) THEN
    RAISE EXCEPTION 'ORA-01839: date not valid for month specified' USING ERRCODE = '22008';
  END IF;
  RETURN result;
END
$$;
