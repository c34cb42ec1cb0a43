-- The number of the week by the mode of MySQL's WEEK, 0 to 7.
-- needs: week_parts
CREATE OR REPLACE FUNCTION godwit_mysql.week(day date, mode bigint) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT w FROM godwit_mysql.week_parts(day, mode & 7)
$$;
