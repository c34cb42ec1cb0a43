-- The day of a year by number; NULL when the day is below 1; two-digit years are 1970 to 2069.
CREATE OR REPLACE FUNCTION godwit_mysql.make_date_of_year(year bigint, day bigint) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN day >= 1 AND year BETWEEN 0 AND 9999 THEN
    make_date((year + CASE WHEN year < 70 THEN 2000 WHEN year < 100 THEN 1900 ELSE 0 END)::integer, 1, 1) + (day - 1)::integer END
$$;
