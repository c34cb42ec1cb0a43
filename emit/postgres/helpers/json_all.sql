-- All values at a path in which "[*]" stands for every element and ".*" for every member, as an array; NULL when there is none.
-- needs: json_get
CREATE OR REPLACE FUNCTION godwit_mysql.json_all(document jsonb, path text[]) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  step text COLLATE "C";
  found jsonb[] := ARRAY[document];
BEGIN
  FOREACH step IN ARRAY path LOOP
    found := CASE step
      WHEN '[*]' THEN ARRAY(SELECT e.v FROM unnest(found) WITH ORDINALITY AS f(d, n)
        CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(d) WHEN 'array' THEN d ELSE '[]' END) WITH ORDINALITY AS e(v, m) ORDER BY n, m)
      WHEN '.*' THEN ARRAY(SELECT e.v FROM unnest(found) WITH ORDINALITY AS f(d, n)
        CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(d) WHEN 'object' THEN d ELSE '{}' END) WITH ORDINALITY AS e(k, v, m) ORDER BY n, m)
      ELSE ARRAY(SELECT g.v FROM unnest(found) WITH ORDINALITY AS f(d, n)
        CROSS JOIN LATERAL (SELECT godwit_mysql.json_get(d, ARRAY[step])) AS g(v) WHERE g.v IS NOT NULL ORDER BY n)
      END;
  END LOOP;
  RETURN CASE WHEN cardinality(found) > 0 THEN to_jsonb(found) END;
END
$$;
