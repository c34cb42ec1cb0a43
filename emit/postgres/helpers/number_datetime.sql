-- The date and time of a number such as 20240229 or 20240229101112, NULL when it is none.
-- needs: parse_datetime
CREATE OR REPLACE FUNCTION godwit_mysql.number_datetime(value numeric) RETURNS timestamp
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN value < 101 THEN NULL
    WHEN value < 1e8 THEN godwit_mysql.parse_datetime(lpad(trunc(value)::text, CASE WHEN value < 1e6 THEN 6 ELSE 8 END, '0'))
    ELSE godwit_mysql.parse_datetime(regexp_replace(lpad(trunc(value)::text, CASE WHEN value < 1e12 THEN 12 ELSE 14 END, '0'), '(......)$', '\1')
      || CASE WHEN value <> trunc(value) THEN '.' || split_part(value::text, '.', 2) ELSE '' END) END
$$;
