-- Text without the characters of a set at its end (SQL Language Reference, RTRIM).
CREATE OR REPLACE FUNCTION godwit_oracle.rtrim(value text, set text DEFAULT ' ') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT nullif(pg_catalog.rtrim(value, nullif(set, '')), '')
$$;
