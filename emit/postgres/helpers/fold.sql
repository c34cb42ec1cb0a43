-- Lower case without accents: texts that are equal in an accent and case insensitive collation fold to the same text.
CREATE OR REPLACE FUNCTION godwit_mysql.fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT normalize(regexp_replace(normalize(lower(value COLLATE "und-x-icu"), NFD), '[\u0300-\u036f]', '', 'g'), NFC)
$$;
