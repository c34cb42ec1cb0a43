-- The text of a value for a column of JSON_TABLE: of strings as they are, of numbers, true and false; NULL for null, arrays, objects, and what is longer than size.
CREATE OR REPLACE FUNCTION godwit_mysql.json_column(document jsonb, size integer) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN jsonb_typeof(document) IN ('string', 'number', 'boolean') AND char_length(document #>> '{}') <= size THEN document #>> '{}' END
$$;
