-- A period YYMM or YYYYMM moved by months, as YYYYMM.
-- needs: period_months
CREATE OR REPLACE FUNCTION godwit_mysql.period_add(period bigint, months bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN period = 0 THEN 0 ELSE m / 12 * 100 + m % 12 + 1 END FROM (SELECT godwit_mysql.period_months(period) + months) AS p(m)
$$;
