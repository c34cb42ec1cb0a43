-- Two documents merged so that all values are kept: arrays are joined, values of equal keys merged.
CREATE OR REPLACE FUNCTION godwit_mysql.json_merge(a jsonb, b jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(a) = 'object' AND jsonb_typeof(b) = 'object' THEN
    RETURN (SELECT coalesce(jsonb_object_agg(k, CASE WHEN a ? k AND b ? k THEN godwit_mysql.json_merge(a -> k, b -> k) WHEN a ? k THEN a -> k ELSE b -> k END), '{}')
      FROM (SELECT jsonb_object_keys(a) UNION SELECT jsonb_object_keys(b)) AS keys(k));
  END IF;
  RETURN CASE WHEN jsonb_typeof(a) = 'array' THEN a ELSE jsonb_build_array(a) END || CASE WHEN jsonb_typeof(b) = 'array' THEN b ELSE jsonb_build_array(b) END;
END
$$;
