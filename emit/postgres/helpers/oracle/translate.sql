-- Text with characters replaced by others (SQL Language Reference, TRANSLATE): those without one are removed.
CREATE OR REPLACE FUNCTION godwit_oracle.translate(value text, from_set text, to_set text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT nullif(pg_catalog.translate(value, nullif(from_set, ''), nullif(to_set, '')), '')
$$;
