-- A number rounded to so many digits, with a comma between thousands.
CREATE OR REPLACE FUNCTION godwit_mysql.format_number(value numeric, digits bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT regexp_replace(split_part(t, '.', 1), '(\d)(?=(\d{3})+$)', '\1,', 'g') || CASE WHEN t LIKE '%.%' THEN '.' || split_part(t, '.', 2) ELSE '' END
  FROM (SELECT round(value, least(greatest(digits, 0), 38)::integer)::text) AS n(t)
$$;
