-- needs: map_count
-- DELETE of all elements of a collection that is kept as jsonb (see map_item).
CREATE OR REPLACE FUNCTION godwit_oracle.map_clear(map jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.map_count(map);
  RETURN CASE WHEN map ? '' THEN '{"": 0}'::jsonb ELSE '{}'::jsonb END;
END
$$;
