-- The SET value of a number: the values of the list whose bits are set; an error when a bit has no value in the list.
-- needs: set_of_bits
CREATE OR REPLACE FUNCTION godwit_mysql.set_of_number(bits bigint, list text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF cardinality(list) < 64 AND (bits >> cardinality(list)) <> 0 THEN
    RAISE invalid_text_representation USING MESSAGE = format('Data truncated: %s is no value of the SET', bits);
  END IF;
  RETURN godwit_mysql.set_of_bits(bits, list);
END
$$;
