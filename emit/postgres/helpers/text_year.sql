-- A text as a YEAR: as to_year, but '0' and '00' are the year 2000.
-- needs: to_year
CREATE OR REPLACE FUNCTION godwit_mysql.text_year(value text) RETURNS smallint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN value COLLATE "C" ~ '^\s*0{1,2}\s*$' THEN 2000 ELSE godwit_mysql.to_year(value::numeric) END
$$;
