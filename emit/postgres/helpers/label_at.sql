-- The value of a list (an ENUM of a variable) at a position from 1; an error when there is none.
CREATE OR REPLACE FUNCTION godwit_mysql.label_at(list text[], place bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF place IS NULL OR place BETWEEN 1 AND cardinality(list) THEN
    RETURN list[place];
  END IF;
  RAISE invalid_text_representation USING MESSAGE = format('Data truncated: the ENUM has no value %s', place);
END
$$;
