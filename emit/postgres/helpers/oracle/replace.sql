-- Text with every occurrence of a part replaced (SQL Language Reference, REPLACE); without a replacement they are removed.
CREATE OR REPLACE FUNCTION godwit_oracle.replace(value text, part text, replacement text DEFAULT NULL) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT nullif(pg_catalog.replace(value, coalesce(part, ''), coalesce(replacement, '')), '')
$$;
