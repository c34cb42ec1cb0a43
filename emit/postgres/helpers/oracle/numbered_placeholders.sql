-- The text of a statement with placeholders such as :name, each of which becomes the next of $1, $2 and so on (PL/SQL Language Reference, EXECUTE
-- IMMEDIATE Statement: values belong to placeholders by position). Texts in quotes, quoted names and comments stay, and so does ::.
CREATE OR REPLACE FUNCTION godwit_oracle.numbered_placeholders(statement text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT string_agg(CASE WHEN part COLLATE "C" ~ '^:[A-Za-z0-9]' THEN '$' || place ELSE part END, '' ORDER BY n)
FROM (
  SELECT m[1] AS part, n, count(*) FILTER (WHERE m[1] COLLATE "C" ~ '^:[A-Za-z0-9]') OVER (ORDER BY n) AS place
  FROM regexp_matches(statement COLLATE "C", '(''[^'']*''|"[^"]*"|--[^\n]*|/[*](?:[^*]|[*](?!/))*[*]/|::|:[A-Za-z0-9][A-Za-z0-9_$#]*|[^-''":/]+|.)', 'g') WITH ORDINALITY AS r (m, n)
) AS parts
$$;
