-- XMLELEMENT as text (SQL Language Reference, XMLELEMENT): content is XML, attributes are names and values in turn, of which NULL is left out.
-- needs: xml_escape
CREATE OR REPLACE FUNCTION godwit_oracle.xml_element(name text, content text, attributes text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT concat('<', name, (
  SELECT string_agg(concat(' ', attributes[i], '="', godwit_oracle.xml_escape(attributes[i + 1]), '"'), '' ORDER BY i)
  FROM generate_series(1, cardinality(attributes) - 1, 2) AS i
  WHERE attributes[i + 1] <> ''
), '>', content, '</', name, '>')
$$;
