-- The keys of a row and its ancestors; a row that is its own ancestor is an error (SQL Language Reference, "Hierarchical Queries").
CREATE OR REPLACE FUNCTION godwit_oracle.connect_path(path anycompatiblearray, key anycompatible) RETURNS anycompatiblearray
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF key = ANY (path) THEN
    RAISE EXCEPTION 'ORA-01436: CONNECT BY loop in user data' USING ERRCODE = '22023';
  END IF;
  RETURN path || key;
END;
$$;
