-- An interval of years and months as text, with so many digits for the years: +02-06 (SQL Language Reference, TO_CHAR (datetime)).
CREATE OR REPLACE FUNCTION godwit_oracle.interval_ym_text(value interval, years integer DEFAULT 2) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN m < 0 THEN '-' ELSE '+' END || lpad((abs(m) / 12)::text, greatest(years, length((abs(m) / 12)::text)), '0') || '-' || lpad((abs(m) % 12)::text, 2, '0')
FROM (SELECT (extract(year FROM value) * 12 + extract(month FROM value))::integer) AS i(m)
$$;
