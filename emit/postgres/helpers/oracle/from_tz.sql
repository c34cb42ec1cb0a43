-- A moment told in a zone, which is a name or an offset such as +03:00 (SQL Language Reference, FROM_TZ).
-- needs: zone_offset
CREATE OR REPLACE FUNCTION godwit_oracle.from_tz(value timestamp, zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
  RETURN coalesce(value AT TIME ZONE godwit_oracle.zone_offset(zone), CASE WHEN godwit_oracle.zone_offset(zone) IS NULL THEN value AT TIME ZONE trim(zone) END);
EXCEPTION WHEN invalid_parameter_value THEN
  RAISE EXCEPTION 'ORA-01882: timezone region not found' USING ERRCODE = '22007', DETAIL = zone;
END
$$;
