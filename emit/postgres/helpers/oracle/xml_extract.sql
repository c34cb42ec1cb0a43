-- EXTRACT(document, path) and XMLQUERY(path): the nodes at the path one behind the other, NULL if there are none (SQL Language Reference, EXTRACT (XML)).
-- needs: xml_nodes
CREATE OR REPLACE FUNCTION godwit_oracle.xml_extract(document xml, path text, namespaces text[] DEFAULT '{}') RETURNS xml
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT nullif(array_to_string(godwit_oracle.xml_nodes(document, path, namespaces), ''), '')::xml
$$;
