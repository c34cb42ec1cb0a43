-- A text with matches of a pattern replaced from a position: all, or the n-th (SQL Language Reference, REGEXP_REPLACE). \1 to \9 in the replacement are the
-- groups.
-- needs: regexp_pattern
CREATE OR REPLACE FUNCTION godwit_oracle.regexp_replace(value text, pattern text, replacement text DEFAULT NULL, start numeric DEFAULT 1, occurrence numeric DEFAULT 0, flags text DEFAULT NULL) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN pattern = '' OR pattern IS NULL THEN nullif(value, '')
  ELSE nullif(pg_catalog.regexp_replace(value COLLATE "und-x-icu", godwit_oracle.regexp_pattern(pattern, flags),
    pg_catalog.regexp_replace(coalesce(replacement, ''), '(?<!\\)((?:\\\\)*)\\([^0-9\\]|$)', '\1\\\\\2', 'g'), trunc(start)::integer, trunc(occurrence)::integer), '') END
$$;
