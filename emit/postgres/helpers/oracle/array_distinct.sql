-- SET of a nested table, and DISTINCT of operators on such (SQL Language Reference): the first of the same elements stays (see array_except).
CREATE OR REPLACE FUNCTION godwit_oracle.array_distinct(a anyarray) RETURNS anyarray
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF array_position(a, NULL) IS NOT NULL THEN
    RAISE EXCEPTION 'not converted: elements that are NULL in an operator on collections' USING ERRCODE = 'P0004';
  END IF;
  RETURN ARRAY(SELECT u.item FROM unnest(a) WITH ORDINALITY AS u(item, place) GROUP BY u.item ORDER BY min(u.place));
END
$$;
