-- 1 when two documents have a member, an element or a value in common.
CREATE OR REPLACE FUNCTION godwit_mysql.json_overlaps(a jsonb, b jsonb) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE
    WHEN jsonb_typeof(a) = 'object' AND jsonb_typeof(b) = 'object' THEN EXISTS (SELECT FROM jsonb_each(a) AS x(k, v) JOIN jsonb_each(b) AS y(k, v) ON x.k = y.k AND x.v = y.v)
    WHEN jsonb_typeof(a) = 'array' OR jsonb_typeof(b) = 'array' THEN EXISTS (
      SELECT FROM jsonb_array_elements(CASE WHEN jsonb_typeof(a) = 'array' THEN a ELSE jsonb_build_array(a) END) AS x(e)
      JOIN jsonb_array_elements(CASE WHEN jsonb_typeof(b) = 'array' THEN b ELSE jsonb_build_array(b) END) AS y(e) ON x.e = y.e)
    ELSE a = b END::integer
$$;
