-- A duration as MySQL writes a TIME: [-]HH:MM:SS with so many digits of the fraction.
CREATE OR REPLACE FUNCTION godwit_mysql.time_text(value interval, digits integer DEFAULT 0) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN s < 0 THEN '-' ELSE '' END || to_char(div(abs(s), 3600), 'FM999900') || to_char(div(abs(s), 60) % 60, 'FM":"00') || to_char(trunc(abs(s) % 60), 'FM":"00')
    || CASE WHEN digits > 0 THEN '.' || rpad(split_part((abs(s) % 1)::text, '.', 2), digits, '0') ELSE '' END
  FROM (SELECT CASE WHEN digits >= 6 THEN extract(epoch FROM value) ELSE trunc(extract(epoch FROM value), digits) END) AS e(s)
$$;
