-- An interval of years and months from text such as 01-02 or P1Y2M (SQL Language Reference, TO_YMINTERVAL).
CREATE OR REPLACE FUNCTION godwit_oracle.to_yminterval(value text) RETURNS interval
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  p text[] := regexp_match(value COLLATE "C", '^\s*([-+]?)\s*(\d{1,9})\s*-\s*(\d{1,2})\s*$');
BEGIN
  IF p IS NULL THEN
    p := regexp_match(value COLLATE "C", '^\s*(-?)P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?\s*$');
  ELSIF p[3]::integer > 11 THEN
    RAISE EXCEPTION 'ORA-01843: not a valid month' USING ERRCODE = '22007', DETAIL = value;
  END IF;
  IF value = '' THEN
    RETURN NULL;
  ELSIF p IS NULL OR coalesce(p[2], p[3]) IS NULL THEN
    RAISE EXCEPTION 'ORA-01867: the interval is invalid' USING ERRCODE = '22007', DETAIL = value;
  END IF;
  RETURN make_interval(months => (coalesce(p[2], '0')::integer * 12 + coalesce(p[3], '0')::integer) * CASE WHEN p[1] = '-' THEN -1 ELSE 1 END);
END
$$;
