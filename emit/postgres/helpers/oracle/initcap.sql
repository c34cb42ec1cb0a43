-- Text with the first letter of each word in upper case, the others in lower case (SQL Language Reference, INITCAP): words end where a character
-- is no letter and no digit.
CREATE OR REPLACE FUNCTION godwit_oracle.initcap(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN octet_length(value) = length(value) THEN nullif(pg_catalog.initcap(value COLLATE "C"), '')
  ELSE (SELECT string_agg(upper(m[1] COLLATE "und-x-icu") || lower(m[2] COLLATE "und-x-icu"), '' ORDER BY i)
    FROM regexp_matches(value COLLATE "und-x-icu", '([^[:alnum:]]*[[:alnum:]]?)([[:alnum:]]*)', 'g') WITH ORDINALITY AS w(m, i)) END
$$;
