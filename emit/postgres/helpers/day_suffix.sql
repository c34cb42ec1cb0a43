-- A day of the month with its English ending: 1st, 2nd, 3rd, 4th.
CREATE OR REPLACE FUNCTION godwit_mysql.day_suffix(day integer) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT day || CASE WHEN day % 100 BETWEEN 11 AND 13 THEN 'th' WHEN day % 10 = 1 THEN 'st' WHEN day % 10 = 2 THEN 'nd' WHEN day % 10 = 3 THEN 'rd' ELSE 'th' END
$$;
