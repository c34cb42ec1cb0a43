-- An interval of days to seconds as text, with so many digits for the days and for the fraction of a second: +01 02:30:00.000000
-- (SQL Language Reference, TO_CHAR (datetime)).
CREATE OR REPLACE FUNCTION godwit_oracle.interval_ds_text(value interval, days integer DEFAULT 2, fraction integer DEFAULT 6) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN e < 0 THEN '-' ELSE '+' END || lpad(d, greatest(days, length(d)), '0') || pg_catalog.to_char(make_interval(secs => mod(trunc(abs(e)), 86400)::double precision), ' HH24:MI:SS')
  || CASE WHEN fraction > 0 THEN '.' || rpad(substr(round(mod(abs(e), 1), 6)::text, 3), fraction, '0') ELSE '' END
FROM (SELECT extract(epoch FROM value), trunc(abs(extract(epoch FROM value)) / 86400)::text) AS i(e, d)
$$;
