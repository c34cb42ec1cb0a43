-- A text in UTF-16 without a mark of the order of bytes, that of AL16UTF16 or, where little, of AL16UTF16LE (Database Globalization Support Guide, Unicode Character Sets).
CREATE OR REPLACE FUNCTION godwit_oracle.utf16_bytes(value text, little boolean DEFAULT false) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT coalesce(string_agg(CASE WHEN little THEN substr(int4send(u.unit), 4, 1) || substr(int4send(u.unit), 3, 1) ELSE substr(int4send(u.unit), 3) END, ''::bytea ORDER BY c.place, u.place), ''::bytea)
FROM unnest(string_to_array(value, NULL)) WITH ORDINALITY AS c (letter, place),
  LATERAL unnest(CASE WHEN ascii(c.letter) < 65536 THEN ARRAY[ascii(c.letter)]
    ELSE ARRAY[55296 + ((ascii(c.letter) - 65536) >> 10), 56320 + ((ascii(c.letter) - 65536) & 1023)] END) WITH ORDINALITY AS u (unit, place)
$$;
