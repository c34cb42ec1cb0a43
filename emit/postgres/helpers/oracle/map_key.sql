-- needs: map_count
-- FIRST, LAST, NEXT and PRIOR of a collection that is kept as jsonb (see map_item), by name; key tells the kind of keys. Texts come in binary order.
CREATE OR REPLACE FUNCTION godwit_oracle.map_key(map jsonb, method text, key integer) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.map_count(map);
  IF method IN ('next', 'prior') AND key IS NULL THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error: NULL index table key value' USING ERRCODE = '22004';
  END IF;
  RETURN (
    SELECT CASE WHEN method IN ('first', 'next') THEN min(k.name::integer) ELSE max(k.name::integer) END
    FROM jsonb_object_keys(map) AS k(name)
    WHERE k.name <> '' AND CASE method WHEN 'next' THEN k.name::integer > key WHEN 'prior' THEN k.name::integer < key ELSE true END
  );
END
$$;
CREATE OR REPLACE FUNCTION godwit_oracle.map_key(map jsonb, method text, key text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.map_count(map);
  IF method IN ('next', 'prior') AND coalesce(key, '') = '' THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error: NULL index table key value' USING ERRCODE = '22004';
  END IF;
  RETURN (
    SELECT CASE WHEN method IN ('first', 'next') THEN min(k.name COLLATE "C") ELSE max(k.name COLLATE "C") END
    FROM jsonb_object_keys(map) AS k(name)
    WHERE k.name <> '' AND CASE method WHEN 'next' THEN k.name COLLATE "C" > key WHEN 'prior' THEN k.name COLLATE "C" < key ELSE true END
  );
END
$$;
