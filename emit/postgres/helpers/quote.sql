-- A literal of MySQL for a text, the word NULL for NULL.
CREATE OR REPLACE FUNCTION godwit_mysql.quote(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT coalesce('''' || replace(replace(replace(value COLLATE "C", '\', '\\'), '''', '\'''), chr(26), '\Z') || '''', 'NULL')
$$;
