-- A parameter of the last argument of TO_CHAR (number) and TO_NUMBER, such as NLS_NUMERIC_CHARACTERS = ',.', or what it is without one
-- (SQL Language Reference, TO_CHAR (number)).
CREATE OR REPLACE FUNCTION godwit_oracle.nls_number(nls text, name text, otherwise text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT coalesce((regexp_match(nls, name || '\s*=\s*''?([^'']*)''?(?:\s|$)', 'i'))[1], otherwise)
$$;
