-- needs: array_count
-- DELETE of all elements of a nested table or varray (PL/SQL Language Reference, Collection Methods).
CREATE OR REPLACE FUNCTION godwit_oracle.array_clear(list anyarray) RETURNS anyarray
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.array_count(list);
  RETURN list[1 : 0];
END
$$;
