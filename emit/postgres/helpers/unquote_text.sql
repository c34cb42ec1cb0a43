-- The text of a JSON string literal; a text that is none as it is.
CREATE OR REPLACE FUNCTION godwit_mysql.unquote_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN char_length(value) > 1 AND left(value, 1) = '"' AND right(value, 1) = '"' THEN value::jsonb #>> '{}' ELSE value END
$$;
