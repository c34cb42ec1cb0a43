-- needs: subscript
-- An element of a nested table or varray without gaps (PL/SQL Language Reference, Collection Variables).
CREATE OR REPLACE FUNCTION godwit_oracle.array_item(list anyarray, place integer, top integer DEFAULT NULL) RETURNS anyelement
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN list[godwit_oracle.subscript(list, place, top)];
END
$$;
