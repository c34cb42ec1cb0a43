-- Whether a text has a match of a pattern (SQL Language Reference, REGEXP_LIKE).
-- needs: regexp_pattern
CREATE OR REPLACE FUNCTION godwit_oracle.regexp_like(value text, pattern text, flags text DEFAULT NULL) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT nullif(value, '') COLLATE "und-x-icu" ~ godwit_oracle.regexp_pattern(pattern, flags)
$$;
