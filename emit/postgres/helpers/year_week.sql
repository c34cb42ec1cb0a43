-- Year times 100 plus week by the mode of MySQL's YEARWEEK.
-- needs: week_parts
CREATE OR REPLACE FUNCTION godwit_mysql.year_week(day date, mode bigint) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT y * 100 + w FROM godwit_mysql.week_parts(day, mode & 7 | 2)
$$;
