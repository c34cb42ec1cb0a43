-- The duration of a number such as 101112 (HHMMSS), NULL when minutes or seconds are above 59.
CREATE OR REPLACE FUNCTION godwit_mysql.number_time(value numeric) RETURNS interval
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN trunc(abs(value)) % 100 < 60 AND div(abs(value), 100) % 100 < 60 THEN
    sign(value)::integer * least(make_interval(hours => least(div(abs(value), 10000), 900)::integer, mins => (div(abs(value), 100) % 100)::integer,
      secs => (abs(value) % 100)::double precision), interval '838:59:59') END
$$;
