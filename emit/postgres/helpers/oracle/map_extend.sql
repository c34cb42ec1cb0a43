-- needs: map_count, map_item
-- EXTEND of a nested table that is kept as jsonb (see map_item): behind its last place, deleted or not. most is the limit of a varray.
CREATE OR REPLACE FUNCTION godwit_oracle.map_extend(map jsonb, added integer DEFAULT 1, source integer DEFAULT NULL, most integer DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  item jsonb := 'null';
  size integer;
BEGIN
  PERFORM godwit_oracle.map_count(map);
  size := (map ->> '')::integer;
  IF size + added > most THEN
    RAISE EXCEPTION 'ORA-06532: Subscript outside of limit' USING ERRCODE = '2202E';
  ELSIF added IS NULL OR added < 0 THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error' USING ERRCODE = '22004';
  ELSIF source IS NOT NULL THEN
    item := godwit_oracle.map_item(map, source);
  END IF;
  FOR i IN size + 1 .. size + added LOOP
    map := map || jsonb_build_object(i::text, item);
  END LOOP;
  RETURN map || jsonb_build_object('', size + added);
END
$$;
