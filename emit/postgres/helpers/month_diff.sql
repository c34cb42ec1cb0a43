-- The whole months elapsed from a moment to another, toward zero.
CREATE OR REPLACE FUNCTION godwit_mysql.month_diff(a timestamp, b timestamp) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN b >= a THEN m - CASE WHEN (extract(day FROM b), b::time) < (extract(day FROM a), a::time) THEN 1 ELSE 0 END
    ELSE m + CASE WHEN (extract(day FROM b), b::time) > (extract(day FROM a), a::time) THEN 1 ELSE 0 END END::bigint
  FROM (SELECT (extract(year FROM b) - extract(year FROM a)) * 12 + extract(month FROM b) - extract(month FROM a)) AS d(m)
$$;
