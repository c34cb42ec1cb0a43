-- MULTISET INTERSECT of two nested tables (SQL Language Reference): as many of the same elements as both have, in the order of the first (see array_except).
CREATE OR REPLACE FUNCTION godwit_oracle.array_intersect(a anyarray, b anyarray) RETURNS anyarray
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF array_position(a, NULL) IS NOT NULL OR array_position(b, NULL) IS NOT NULL THEN
    RAISE EXCEPTION 'not converted: elements that are NULL in an operator on collections' USING ERRCODE = 'P0004';
  END IF;
  RETURN ARRAY(
    SELECT x.item
    FROM (SELECT u.item, u.place, row_number() OVER (PARTITION BY u.item ORDER BY u.place) AS n FROM unnest(a) WITH ORDINALITY AS u(item, place)) AS x
    JOIN (SELECT v.item, count(*) AS n FROM unnest(b) AS v(item) GROUP BY v.item) AS y ON y.item = x.item
    WHERE x.n <= y.n
    ORDER BY x.place
  );
END
$$;
