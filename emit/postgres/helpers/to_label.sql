-- The value of a list (an ENUM of a variable) for a text, by case and accent insensitive comparison; an error when there is none.
-- needs: fold
CREATE OR REPLACE FUNCTION godwit_mysql.to_label(list text[], value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  v text COLLATE "C";
BEGIN
  IF value IS NULL THEN
    RETURN NULL;
  END IF;
  FOREACH v IN ARRAY list LOOP
    IF godwit_mysql.fold(v COLLATE "C") = godwit_mysql.fold(rtrim(value COLLATE "C", ' ')) THEN
      RETURN v;
    END IF;
  END LOOP;
  RAISE invalid_text_representation USING MESSAGE = format('Data truncated: %L is no value of the ENUM', value);
END
$$;
