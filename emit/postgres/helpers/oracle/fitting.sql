-- A text that is stored in a column of so many characters: one that is longer is an error even if only by blanks at its end (SQL Language
-- Reference, VARCHAR2 Data Type), which an assignment would cut.
CREATE OR REPLACE FUNCTION godwit_oracle.fitting(value text, characters integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF length(value) > characters THEN
    RAISE EXCEPTION 'ORA-12899: value too large (actual: %, maximum: %)', length(value), characters USING ERRCODE = '22001';
  END IF;
  RETURN value;
END
$$;
