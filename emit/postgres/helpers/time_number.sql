-- A duration as MySQL writes it as a number: HHMMSS with its fraction.
CREATE OR REPLACE FUNCTION godwit_mysql.time_number(value interval) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT sign(s) * (div(abs(s), 3600) * 10000 + div(abs(s), 60) % 60 * 100 + abs(s) % 60)
  FROM (SELECT extract(epoch FROM value)) AS e(s)
$$;
