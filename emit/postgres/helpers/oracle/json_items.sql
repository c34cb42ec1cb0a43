-- The values at a path of a JSON document as texts, in order (SQL Language Reference, JSON_TABLE). steps are members (a dot and a name), indexes ([n]) and all elements ([*]);
-- a member of an array is that of its elements. No rows for what is no document; strict raises an error for that.
CREATE OR REPLACE FUNCTION godwit_oracle.json_items(document text, steps text[], strict boolean DEFAULT false) RETURNS SETOF text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  list json[];
  step text;
BEGIN
  IF document IS NULL THEN
    RETURN;
  END IF;
  BEGIN
    list := ARRAY[document::json];
  EXCEPTION WHEN invalid_text_representation THEN
    IF strict THEN
      RAISE EXCEPTION 'ORA-40441: JSON syntax error' USING ERRCODE = '22032';
    END IF;
    RETURN;
  END;
  FOREACH step IN ARRAY steps LOOP
    IF step LIKE '.%' OR step = '[*]' THEN
      list := ARRAY(
        SELECT e.v
        FROM unnest(list) WITH ORDINALITY AS x (v, n)
          CROSS JOIN LATERAL json_array_elements(CASE json_typeof(x.v) WHEN 'array' THEN x.v ELSE json_build_array(x.v) END) WITH ORDINALITY AS e (v, m)
        ORDER BY x.n, e.m);
    END IF;
    IF step LIKE '.%' THEN
      list := ARRAY(
        SELECT x.v -> substr(step, 2)
        FROM unnest(list) WITH ORDINALITY AS x (v, n)
        WHERE json_typeof(x.v) = 'object' AND x.v -> substr(step, 2) IS NOT NULL
        ORDER BY x.n);
    ELSIF step <> '[*]' THEN
      list := ARRAY(
        SELECT CASE json_typeof(x.v) WHEN 'array' THEN x.v -> trim(step, '[]')::integer ELSE x.v END
        FROM unnest(list) WITH ORDINALITY AS x (v, n)
        WHERE CASE json_typeof(x.v) WHEN 'array' THEN x.v -> trim(step, '[]')::integer IS NOT NULL ELSE step = '[0]' END
        ORDER BY x.n);
    END IF;
  END LOOP;
  RETURN QUERY SELECT x.v::text FROM unnest(list) WITH ORDINALITY AS x (v, n) ORDER BY x.n;
END
$$;
