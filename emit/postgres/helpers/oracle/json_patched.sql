-- A value with the changes of a patch (RFC 7396): members of the patch take the place of those of their key, null takes them away.
-- needs: json_compact
CREATE OR REPLACE FUNCTION godwit_oracle.json_patched(document json, patch json) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF json_typeof(patch) <> 'object' THEN
    RETURN godwit_oracle.json_compact(patch);
  ELSIF json_typeof(document) IS DISTINCT FROM 'object' THEN
    document := '{}';
  END IF;
  RETURN (
    SELECT '{' || coalesce(string_agg(to_json(m.k)::text || ':' || m.v, ',' ORDER BY m.side, m.n), '') || '}'
    FROM (
      SELECT 1, d.n, d.k, CASE WHEN patch -> d.k IS NULL THEN godwit_oracle.json_compact(d.v) WHEN json_typeof(patch -> d.k) <> 'null' THEN godwit_oracle.json_patched(d.v, patch -> d.k) END
      FROM json_each(document) WITH ORDINALITY AS d (k, v, n)
      UNION ALL
      SELECT 2, p.n, p.k, godwit_oracle.json_patched(NULL, p.v)
      FROM json_each(patch) WITH ORDINALITY AS p (k, v, n)
      WHERE document -> p.k IS NULL AND json_typeof(p.v) <> 'null'
    ) AS m (side, n, k, v)
    WHERE m.v IS NOT NULL);
END
$$;
