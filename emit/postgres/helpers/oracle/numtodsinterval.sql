-- So many days, hours, minutes or seconds (SQL Language Reference, NUMTODSINTERVAL), as an interval without days; rounded to microseconds.
CREATE OR REPLACE FUNCTION godwit_oracle.numtodsinterval(n numeric, unit text) RETURNS interval
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  seconds numeric := n * CASE upper(trim(unit)) WHEN 'DAY' THEN 86400 WHEN 'HOUR' THEN 3600 WHEN 'MINUTE' THEN 60 WHEN 'SECOND' THEN 1 END;
BEGIN
  IF seconds IS NULL THEN
    RAISE EXCEPTION 'ORA-01760: illegal argument for function' USING ERRCODE = '22023', DETAIL = unit;
  END IF;
  seconds := round(seconds, 6);
  RETURN make_interval(hours => trunc(seconds / 3600)::integer) + make_interval(secs => (seconds - trunc(seconds / 3600) * 3600)::double precision);
END
$$;
