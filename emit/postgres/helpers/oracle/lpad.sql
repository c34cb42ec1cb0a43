-- Text filled up on the left or cut to a length (SQL Language Reference, LPAD): NULL for a length below 1.
CREATE OR REPLACE FUNCTION godwit_oracle.lpad(value text, width numeric, fill text DEFAULT ' ') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT nullif(pg_catalog.lpad(nullif(value, ''), trunc(width)::integer, nullif(fill, '')), '')
$$;
