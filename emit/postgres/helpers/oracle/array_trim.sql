-- needs: array_count
-- TRIM of a nested table or varray without gaps; ORA-06533 where it has fewer elements (PL/SQL Language Reference, Collection Methods).
CREATE OR REPLACE FUNCTION godwit_oracle.array_trim(list anyarray, removed integer DEFAULT 1) RETURNS anyarray
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  size integer := godwit_oracle.array_count(list);
BEGIN
  IF removed IS NULL OR removed < 0 THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error' USING ERRCODE = '22004';
  ELSIF removed > size THEN
    RAISE EXCEPTION 'ORA-06533: Subscript beyond count' USING ERRCODE = 'ZZ51H';
  END IF;
  RETURN list[1 : size - removed];
END
$$;
