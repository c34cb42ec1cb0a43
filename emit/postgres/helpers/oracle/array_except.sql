-- MULTISET EXCEPT of two nested tables (SQL Language Reference): each element of the second takes one of the first away. The elements stay in the order
-- of the first. Whether two elements that are NULL are the same is not told, so they raise an error.
CREATE OR REPLACE FUNCTION godwit_oracle.array_except(a anyarray, b anyarray) RETURNS anyarray
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF array_position(a, NULL) IS NOT NULL OR array_position(b, NULL) IS NOT NULL THEN
    RAISE EXCEPTION 'not converted: elements that are NULL in an operator on collections' USING ERRCODE = 'P0004';
  END IF;
  RETURN ARRAY(
    SELECT x.item
    FROM (SELECT u.item, u.place, row_number() OVER (PARTITION BY u.item ORDER BY u.place) AS n FROM unnest(a) WITH ORDINALITY AS u(item, place)) AS x
    LEFT JOIN (SELECT v.item, count(*) AS n FROM unnest(b) AS v(item) GROUP BY v.item) AS y ON y.item = x.item
    WHERE x.n > coalesce(y.n, 0)
    ORDER BY x.place
  );
END
$$;
