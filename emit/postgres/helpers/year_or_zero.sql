-- A number as a YEAR without strict mode: as to_year, but 0 outside 1901 to 2155.
-- needs: to_year
CREATE OR REPLACE FUNCTION godwit_mysql.year_or_zero(value numeric) RETURNS smallint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN round(value) BETWEEN 0 AND 99 OR round(value) BETWEEN 1901 AND 2155 THEN godwit_mysql.to_year(value) ELSE 0 END::smallint
$$;
