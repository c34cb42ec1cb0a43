-- XMLFOREST as text (SQL Language Reference, XMLFOREST): an element for each content that is not NULL.
CREATE OR REPLACE FUNCTION godwit_oracle.xml_forest(names text[], contents text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT string_agg(concat('<', names[i], '>', contents[i], '</', names[i], '>'), '' ORDER BY i)
FROM generate_subscripts(names, 1) AS i
WHERE contents[i] <> ''
$$;
