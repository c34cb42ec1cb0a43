-- The number of a value for a column of JSON_TABLE: 1 and 0 for true and false, a string's if all of it is a number, else NULL.
CREATE OR REPLACE FUNCTION godwit_mysql.json_column_number(document jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE jsonb_typeof(document) WHEN 'number' THEN document::text::numeric WHEN 'boolean' THEN (document = 'true')::integer
    WHEN 'string' THEN CASE WHEN document #>> '{}' ~ '^\s*[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?\s*$' THEN (document #>> '{}')::numeric END END
$$;
