-- The months of a period YYMM or YYYYMM since year 0.
CREATE OR REPLACE FUNCTION godwit_mysql.period_months(period bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN period = 0 THEN 0 ELSE (y + CASE WHEN y < 70 THEN 2000 WHEN y < 100 THEN 1900 ELSE 0 END) * 12 + period % 100 - 1 END
  FROM (SELECT period / 100) AS p(y)
$$;
