-- Text filled up on the right or cut to a length (SQL Language Reference, RPAD): NULL for a length below 1.
CREATE OR REPLACE FUNCTION godwit_oracle.rpad(value text, width numeric, fill text DEFAULT ' ') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT nullif(pg_catalog.rpad(nullif(value, ''), trunc(width)::integer, nullif(fill, '')), '')
$$;
