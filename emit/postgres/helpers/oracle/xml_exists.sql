-- XMLEXISTS and EXISTSNODE: whether a path leads to a node.
-- needs: xml_nodes
CREATE OR REPLACE FUNCTION godwit_oracle.xml_exists(document xml, path text, namespaces text[] DEFAULT '{}') RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT cardinality(godwit_oracle.xml_nodes(document, path, namespaces)) > 0
$$;
