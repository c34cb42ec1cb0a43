-- A document changed by another by the rules of RFC 7396.
CREATE OR REPLACE FUNCTION godwit_mysql.json_merge_patch(target jsonb, patch jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(patch) <> 'object' THEN
    RETURN patch;
  END IF;
  IF jsonb_typeof(target) IS DISTINCT FROM 'object' THEN
    target := '{}';
  END IF;
  RETURN (SELECT coalesce(jsonb_object_agg(k, CASE WHEN patch ? k THEN godwit_mysql.json_merge_patch(coalesce(target -> k, 'null'), patch -> k) ELSE target -> k END), '{}')
    FROM (SELECT jsonb_object_keys(target) UNION SELECT jsonb_object_keys(patch)) AS keys(k)
    WHERE patch -> k IS DISTINCT FROM 'null');
END
$$;
