-- A document with line breaks, indented by two blanks, as MySQL's JSON_PRETTY writes it.
CREATE OR REPLACE FUNCTION godwit_mysql.json_pretty(document jsonb) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT string_agg(repeat(' ', (length(line) - length(ltrim(line, ' '))) / 2) || ltrim(line, ' '), E'\n' ORDER BY n)
FROM regexp_split_to_table(regexp_replace(regexp_replace(jsonb_pretty(document), '\[\n *\]', '[]', 'g'), '\{\n *\}', '{}', 'g'), '\n') WITH ORDINALITY AS t(line, n)
$$;
