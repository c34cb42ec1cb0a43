-- How many matches of a pattern a text has from a position (SQL Language Reference, REGEXP_COUNT).
-- needs: regexp_pattern
CREATE OR REPLACE FUNCTION godwit_oracle.regexp_count(value text, pattern text, start numeric DEFAULT 1, flags text DEFAULT NULL) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT pg_catalog.regexp_count(nullif(value, '') COLLATE "und-x-icu", godwit_oracle.regexp_pattern(pattern, flags), trunc(start)::integer)
$$;
