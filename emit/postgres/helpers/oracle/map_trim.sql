-- needs: map_count
-- TRIM of a nested table that is kept as jsonb (see map_item): places at its end, deleted or not; ORA-06533 where it has fewer.
CREATE OR REPLACE FUNCTION godwit_oracle.map_trim(map jsonb, removed integer DEFAULT 1) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  size integer;
BEGIN
  PERFORM godwit_oracle.map_count(map);
  size := (map ->> '')::integer;
  IF removed IS NULL OR removed < 0 THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error' USING ERRCODE = '22004';
  ELSIF removed > size THEN
    RAISE EXCEPTION 'ORA-06533: Subscript beyond count' USING ERRCODE = 'ZZ51H';
  END IF;
  FOR i IN size - removed + 1 .. size LOOP
    map := map - i::text;
  END LOOP;
  RETURN map || jsonb_build_object('', size - removed);
END
$$;
