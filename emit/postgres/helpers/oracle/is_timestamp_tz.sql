-- Whether a text is a TIMESTAMP WITH TIME ZONE by a format: VALIDATE_CONVERSION and DEFAULT ... ON CONVERSION ERROR (SQL Language Reference). NULL is one; a bad
-- format is an error.
-- needs: to_timestamp_tz
CREATE OR REPLACE FUNCTION godwit_oracle.is_timestamp_tz(value text, mask text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  PERFORM godwit_oracle.to_timestamp_tz(value, mask);
  RETURN true;
EXCEPTION WHEN invalid_datetime_format OR datetime_field_overflow THEN
  IF SQLERRM ~ '^ORA-(01810|01812|01818|01820|01821)' THEN
    RAISE;
  END IF;
  RETURN false;
END
$$;
