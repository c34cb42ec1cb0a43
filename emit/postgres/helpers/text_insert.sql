-- Replaces characters from a position by another text; the text itself when the position is outside it.
CREATE OR REPLACE FUNCTION godwit_mysql.text_insert(value text, start bigint, length bigint, replacement text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN start < 1 OR start > char_length(value) THEN value
    WHEN length < 0 OR start + length > char_length(value) THEN left(value, start::integer - 1) || replacement
    ELSE left(value, start::integer - 1) || replacement || substr(value, (start + length)::integer) END
$$;

-- Replaces bytes from a position by other ones; the value itself when the position is outside it.
CREATE OR REPLACE FUNCTION godwit_mysql.text_insert(value bytea, start bigint, length bigint, replacement bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN start < 1 OR start > octet_length(value) THEN value
    WHEN length < 0 OR start + length > octet_length(value) THEN substr(value, 1, start::integer - 1) || replacement
    ELSE substr(value, 1, start::integer - 1) || replacement || substr(value, (start + length)::integer) END
$$;
