-- Whether a text is a number, by a format or without one: VALIDATE_CONVERSION and DEFAULT ... ON CONVERSION ERROR (SQL Language Reference). NULL is one.
-- needs: to_number
CREATE OR REPLACE FUNCTION godwit_oracle.is_number(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT coalesce(value COLLATE "C" ~ '^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?\s*$' OR value = '', true)
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.is_number(value text, mask text, nls text DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  PERFORM godwit_oracle.to_number(value, mask, nls);
  RETURN true;
EXCEPTION WHEN invalid_text_representation THEN
  RETURN false;
END
$$;
