-- The middle value, or the mean of the two in the middle (SQL Language Reference, MEDIAN), of the values that the aggregate collected; NULLs do not count.
-- needs: divide
CREATE OR REPLACE FUNCTION godwit_oracle.median_of(list numeric[]) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN count(*) > 0 THEN trim_scale((min(x) FILTER (WHERE i = (n + 1) / 2) + min(x) FILTER (WHERE i = (n + 2) / 2)) * 0.5) END
FROM (SELECT x, row_number() OVER (ORDER BY x) AS i, count(*) OVER () AS n FROM unnest(list) AS u(x) WHERE x IS NOT NULL) AS s
$$;

-- The same for dates: the moment in the middle between the two.
CREATE OR REPLACE FUNCTION godwit_oracle.median_of(list timestamp[]) RETURNS timestamp
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT min(x) + (max(x) - min(x)) / 2
FROM (SELECT x, row_number() OVER (ORDER BY x) AS i, count(*) OVER () AS n FROM unnest(list) AS u(x) WHERE x IS NOT NULL) AS s WHERE i IN ((n + 1) / 2, (n + 2) / 2)
$$;

CREATE OR REPLACE AGGREGATE godwit_oracle.median(numeric) (SFUNC = array_append, STYPE = numeric[], FINALFUNC = godwit_oracle.median_of);

CREATE OR REPLACE AGGREGATE godwit_oracle.median(timestamp) (SFUNC = array_append, STYPE = timestamp[], FINALFUNC = godwit_oracle.median_of);
