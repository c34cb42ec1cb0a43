-- Lower case of each character for itself: a sigma at the end of a word is like any other.
CREATE OR REPLACE FUNCTION godwit_mysql.lower_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT lower(translate(value, 'İΣ', 'iσ') COLLATE "und-x-icu")
$$;
