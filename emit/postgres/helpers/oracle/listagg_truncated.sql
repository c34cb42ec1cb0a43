-- The texts of a group with a separator between them, cut behind the last whole one that leaves room for the filler and the number of those left out
-- (SQL Language Reference, LISTAGG, ON OVERFLOW TRUNCATE): 4,000 bytes.
CREATE OR REPLACE FUNCTION godwit_oracle.listagg_truncated(texts text[], separator text, filler text DEFAULT '...', counted boolean DEFAULT true) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  list text[] := array_remove(texts, NULL);
  result text := nullif(array_to_string(list, coalesce(separator, '')), '');
  room integer := 4000 - octet_length(coalesce(separator, '')) - octet_length(coalesce(filler, '')) - CASE WHEN counted THEN 24 ELSE 0 END;
  kept integer := 0;
  bytes integer := 0;
BEGIN
  IF result IS NULL OR octet_length(result) <= 4000 THEN
    RETURN result;
  END IF;
  FOR i IN 1..cardinality(list) LOOP
    bytes := bytes + octet_length(list[i]) + CASE WHEN i > 1 THEN octet_length(coalesce(separator, '')) ELSE 0 END;
    EXIT WHEN bytes > room;
    kept := i;
  END LOOP;
  RETURN array_to_string(list[1:kept], coalesce(separator, '')) || CASE WHEN kept > 0 THEN coalesce(separator, '') ELSE '' END || coalesce(filler, '')
    || CASE WHEN counted THEN '(' || cardinality(list) - kept || ')' ELSE '' END;
END
$$;
