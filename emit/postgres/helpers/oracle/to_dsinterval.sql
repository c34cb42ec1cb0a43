-- An interval of days to seconds from text such as 100 10:00:00.5 or P100DT10H (SQL Language Reference, TO_DSINTERVAL), as an interval without days.
CREATE OR REPLACE FUNCTION godwit_oracle.to_dsinterval(value text) RETURNS interval
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  p text[] := regexp_match(value COLLATE "C", '^\s*([-+]?)\s*(\d{1,9})\s+(\d{1,2})\s*:\s*(\d{1,2})\s*:\s*(\d{1,2}(?:\.\d{1,9})?)\s*$');
  result interval;
BEGIN
  IF p IS NULL THEN
    p := regexp_match(value COLLATE "C", '^\s*(-?)P(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{0,9})?)S)?)?\s*$');
  ELSIF p[3]::integer > 23 THEN
    RAISE EXCEPTION 'ORA-01850: hour must be between 0 and 23' USING ERRCODE = '22008', DETAIL = value;
  ELSIF p[4]::integer > 59 THEN
    RAISE EXCEPTION 'ORA-01851: minutes must be between 0 and 59' USING ERRCODE = '22008', DETAIL = value;
  ELSIF p[5]::numeric >= 60 THEN
    RAISE EXCEPTION 'ORA-01852: seconds must be between 0 and 59' USING ERRCODE = '22008', DETAIL = value;
  END IF;
  IF value = '' THEN
    RETURN NULL;
  ELSIF p IS NULL OR coalesce(p[2], p[3], p[4], p[5]) IS NULL THEN
    RAISE EXCEPTION 'ORA-01867: the interval is invalid' USING ERRCODE = '22007', DETAIL = value;
  END IF;
  result := make_interval(hours => coalesce(p[2], '0')::integer * 24 + coalesce(p[3], '0')::integer, mins => coalesce(p[4], '0')::integer, secs => coalesce(p[5], '0')::double precision);
  RETURN CASE WHEN p[1] = '-' THEN -result ELSE result END;
END
$$;
