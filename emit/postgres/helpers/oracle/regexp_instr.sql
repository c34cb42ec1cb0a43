-- The place of the n-th match of a pattern from a position, or of the character behind it for the option 1 (SQL Language Reference, REGEXP_INSTR). 0 for none.
-- needs: regexp_pattern
CREATE OR REPLACE FUNCTION godwit_oracle.regexp_instr(value text, pattern text, start numeric DEFAULT 1, occurrence numeric DEFAULT 1, return_option numeric DEFAULT 0, flags text DEFAULT NULL, subexpression numeric DEFAULT 0) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT pg_catalog.regexp_instr(nullif(value, '') COLLATE "und-x-icu", godwit_oracle.regexp_pattern(pattern, flags), trunc(start)::integer, trunc(occurrence)::integer, trunc(return_option)::integer, '', trunc(subexpression)::integer)
$$;
