-- Upper case of each character for itself: one whose upper case would be several characters, like ß, stays.
CREATE OR REPLACE FUNCTION godwit_mysql.upper_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN char_length(upper(value COLLATE "und-x-icu")) = char_length(value) THEN upper(value COLLATE "und-x-icu")
    ELSE (SELECT string_agg(CASE WHEN char_length(upper(c COLLATE "und-x-icu")) = 1 THEN upper(c COLLATE "und-x-icu") ELSE c COLLATE "und-x-icu" END, '' ORDER BY i)
      FROM regexp_split_to_table(value COLLATE "C", '') WITH ORDINALITY AS t(c, i)) END
$$;
