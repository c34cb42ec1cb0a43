-- A BINARY_DOUBLE written by a number format (SQL Language Reference, TO_CHAR (number)).
-- needs: char_number
CREATE OR REPLACE FUNCTION godwit_oracle.char_float(value double precision, mask text, nls text DEFAULT NULL) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT godwit_oracle.char_number(value::text::numeric, mask, nls)
$$;
