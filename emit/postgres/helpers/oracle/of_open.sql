-- An attribute of a cursor, which raises INVALID_CURSOR where the cursor is not open (PL/SQL Language Reference, Named Cursor Attribute).
CREATE OR REPLACE FUNCTION godwit_oracle.of_open(is_open boolean, value anyelement) RETURNS anyelement
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF NOT is_open THEN
    RAISE EXCEPTION 'ORA-01001: invalid cursor' USING ERRCODE = '34000';
  END IF;
  RETURN value;
END
$$;
