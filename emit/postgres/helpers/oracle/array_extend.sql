-- needs: array_count, subscript
-- EXTEND of a nested table or varray without gaps (PL/SQL Language Reference, Collection Methods): NULLs, or copies of the element at source. most is
-- the limit of a varray: ORA-06532 beyond it.
CREATE OR REPLACE FUNCTION godwit_oracle.array_extend(list anyarray, added integer DEFAULT 1, source integer DEFAULT NULL, most integer DEFAULT NULL) RETURNS anyarray
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  size integer := godwit_oracle.array_count(list);
BEGIN
  IF size + added > most THEN
    RAISE EXCEPTION 'ORA-06532: Subscript outside of limit' USING ERRCODE = '2202E';
  ELSIF added IS NULL OR added < 0 THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error' USING ERRCODE = '22004';
  END IF;
  FOR i IN 1 .. added LOOP
    IF source IS NULL THEN
      list[size + i] := NULL;
    ELSE
      list[size + i] := list[godwit_oracle.subscript(list, source)];
    END IF;
  END LOOP;
  RETURN list;
END
$$;
