-- The n-th match of a pattern from a position, or a group of it (SQL Language Reference, REGEXP_SUBSTR).
-- needs: regexp_pattern
CREATE OR REPLACE FUNCTION godwit_oracle.regexp_substr(value text, pattern text, start numeric DEFAULT 1, occurrence numeric DEFAULT 1, flags text DEFAULT NULL, subexpression numeric DEFAULT 0) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT nullif(pg_catalog.regexp_substr(value COLLATE "und-x-icu", godwit_oracle.regexp_pattern(pattern, flags), trunc(start)::integer, trunc(occurrence)::integer, '', trunc(subexpression)::integer), '')
$$;
