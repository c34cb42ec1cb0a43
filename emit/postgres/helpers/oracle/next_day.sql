-- The first day of that name after a date, at the same time of day (SQL Language Reference, NEXT_DAY). English names; the letters behind the
-- first three do not count.
CREATE OR REPLACE FUNCTION godwit_oracle.next_day(value timestamp, name text) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  wanted integer := array_position(ARRAY['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'], upper(left(name, 3))) - 1;
BEGIN
  IF wanted IS NULL THEN
    RAISE EXCEPTION 'ORA-01846: not a valid day of the week' USING ERRCODE = '22007';
  END IF;
  RETURN date_trunc('second', value) + make_interval(days => (wanted - extract(dow FROM value)::integer + 6) % 7 + 1);
END
$$;
