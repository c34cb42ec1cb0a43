-- A document changed by another by the rules of RFC 7396. A NULL is no document, but a patch that is no object takes its place.
CREATE OR REPLACE FUNCTION godwit_mysql.json_merge_patch(target jsonb, patch jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF patch IS NULL OR jsonb_typeof(patch) <> 'object' THEN
    RETURN patch;
  END IF;
  IF target IS NULL THEN
    RETURN NULL;
  END IF;
  IF jsonb_typeof(target) <> 'object' THEN
    target := '{}';
  END IF;
  RETURN (SELECT coalesce(jsonb_object_agg(k, CASE WHEN patch ? k THEN godwit_mysql.json_merge_patch(coalesce(target -> k, 'null'), patch -> k) ELSE target -> k END), '{}')
    FROM (SELECT jsonb_object_keys(target) UNION SELECT jsonb_object_keys(patch)) AS keys(k)
    WHERE patch -> k IS DISTINCT FROM 'null');
END
$$;
