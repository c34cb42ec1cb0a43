-- Text without the characters of a set at its beginning (SQL Language Reference, LTRIM).
CREATE OR REPLACE FUNCTION godwit_oracle.ltrim(value text, set text DEFAULT ' ') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT nullif(pg_catalog.ltrim(value, nullif(set, '')), '')
$$;
