-- A period YYMM or YYYYMM moved by months, as YYYYMM; of a month before year 0, the number that 64 bits make of it. Months have 32 bits.
-- needs: period_months
CREATE OR REPLACE FUNCTION godwit_mysql.period_add(period bigint, months bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN period = 0 OR m = 0 THEN 0
    WHEN m < 0 THEN (u - CASE WHEN u >= 9223372036854775808 THEN 18446744073709551616 ELSE 0 END)::bigint
    ELSE (y + CASE WHEN y < 70 THEN 2000 WHEN y < 100 THEN 1900 ELSE 0 END) * 100 + m % 12 + 1 END
  FROM (SELECT godwit_mysql.period_months(period) + (months & 2147483647) - (months & 2147483648)) AS p(m),
    LATERAL (SELECT m / 12, mod(div(m + 18446744073709551616, 12) * 100 + mod(m + 18446744073709551616, 12) + 1, 18446744073709551616)) AS q(y, u)
$$;
