-- Year and number of the week of a date by the mode of MySQL's WEEK.
CREATE OR REPLACE FUNCTION godwit_mysql.week_parts(day date, mode bigint, OUT y integer, OUT w integer) RETURNS record
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  monday_first constant boolean := mode & 1 = 1;
  week_year boolean := mode & 2 = 2;
  first_weekday constant boolean := (mode & 4 = 4) <> (mode & 1 = 0);
  weekday integer;
  days integer;
BEGIN
  -- first_weekday: the first week is the one that holds the first Sunday (Monday) of the year; else the one with 4 days in it.
  y := extract(year FROM day);
  weekday := CASE WHEN monday_first THEN extract(isodow FROM make_date(y, 1, 1)) - 1 ELSE extract(dow FROM make_date(y, 1, 1)) END;
  IF extract(month FROM day) = 1 AND extract(day FROM day) <= 7 - weekday THEN
    IF NOT week_year AND (first_weekday AND weekday <> 0 OR NOT first_weekday AND weekday >= 4) THEN
      w := 0;
      RETURN;
    END IF;
    week_year := true;
    days := make_date(y, 1, 1) - make_date(y - 1, 1, 1);
    IF first_weekday AND weekday <> 0 OR NOT first_weekday AND weekday >= 4 THEN
      y := y - 1;
      weekday := (weekday + 53 * 7 - days) % 7;
    END IF;
  END IF;
  IF first_weekday AND weekday <> 0 OR NOT first_weekday AND weekday >= 4 THEN
    days := day - (make_date(y, 1, 1) + (7 - weekday));
  ELSE
    days := day - (make_date(y, 1, 1) - weekday);
  END IF;
  IF week_year AND days >= 52 * 7 THEN
    weekday := (weekday + (make_date(y + 1, 1, 1) - make_date(y, 1, 1))) % 7;
    IF first_weekday AND weekday = 0 OR NOT first_weekday AND weekday < 4 THEN
      y := y + 1;
      w := 1;
      RETURN;
    END IF;
  END IF;
  w := days / 7 + 1;
END
$$;
