-- What a clock in a zone shows at a moment: AT TIME ZONE (SQL Language Reference, Datetime Expressions). The zone is a name or an offset such as +03:00.
-- needs: zone_offset
CREATE OR REPLACE FUNCTION godwit_oracle.at_zone(value timestamptz, zone text) RETURNS timestamp
LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
  RETURN coalesce(value AT TIME ZONE godwit_oracle.zone_offset(zone), CASE WHEN godwit_oracle.zone_offset(zone) IS NULL THEN value AT TIME ZONE trim(zone) END);
EXCEPTION WHEN invalid_parameter_value THEN
  RAISE EXCEPTION 'ORA-01882: timezone region not found' USING ERRCODE = '22007', DETAIL = zone;
END
$$;
