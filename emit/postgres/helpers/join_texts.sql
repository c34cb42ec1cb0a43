-- Texts with a separator between them, without those that are NULL; NULL when the separator is. It is concat_ws for generated
-- columns, which want a routine whose result depends on nothing but its arguments.
CREATE OR REPLACE FUNCTION godwit_mysql.join_texts(separator text, VARIADIC parts text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT array_to_string(parts, separator)
$$;
