-- 1 when the second document is contained in the first by the rules of JSON_CONTAINS.
CREATE OR REPLACE FUNCTION godwit_mysql.json_contains(target jsonb, candidate jsonb) RETURNS integer
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(target) = 'array' THEN
    IF jsonb_typeof(candidate) = 'array' THEN
      RETURN (SELECT coalesce(bool_and(EXISTS (SELECT FROM jsonb_array_elements(target) AS t(e) WHERE godwit_mysql.json_contains(e, c) = 1)), true)::integer
        FROM jsonb_array_elements(candidate) AS s(c));
    END IF;
    RETURN EXISTS (SELECT FROM jsonb_array_elements(target) AS t(e) WHERE godwit_mysql.json_contains(e, candidate) = 1)::integer;
  ELSIF jsonb_typeof(target) = 'object' AND jsonb_typeof(candidate) = 'object' THEN
    RETURN (SELECT coalesce(bool_and(target ? k AND godwit_mysql.json_contains(target -> k, v) = 1), true)::integer FROM jsonb_each(candidate) AS c(k, v));
  END IF;
  RETURN (target = candidate)::integer;
END
$$;
