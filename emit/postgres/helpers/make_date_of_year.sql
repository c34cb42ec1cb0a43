-- The day of a year by number; NULL when the day is below 1 or lies behind the year 9999; two-digit years are 1970 to 2069.
CREATE OR REPLACE FUNCTION godwit_mysql.make_date_of_year(year bigint, day bigint) RETURNS date
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result date;
BEGIN
  IF day < 1 OR day > 3660000 OR year < 0 OR year > 9999 THEN
    RETURN NULL;
  END IF;
  result := make_date((year + CASE WHEN year < 70 THEN 2000 WHEN year < 100 THEN 1900 ELSE 0 END)::integer, 1, 1) + (day - 1)::integer;
  RETURN CASE WHEN result < date '10000-01-01' THEN result END;
END
$$;
