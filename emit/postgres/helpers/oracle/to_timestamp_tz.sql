-- A moment with a zone read by a datetime format (SQL Language Reference, TO_TIMESTAMP_TZ); in the zone of the session where none is named.
-- needs: date_mask, parse_date, from_tz
CREATE OR REPLACE FUNCTION godwit_oracle.to_timestamp_tz(value text, mask text) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
  moment timestamp;
  zone text;
BEGIN
  SELECT p.moment, p.zone INTO moment, zone FROM godwit_oracle.parse_date(nullif(value, ''), godwit_oracle.date_mask(mask)) AS p;
  RETURN CASE WHEN zone IS NULL THEN moment::timestamptz ELSE godwit_oracle.from_tz(moment, zone) END;
END
$$;
