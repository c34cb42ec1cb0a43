-- The nodes at a path of a document or fragment. A path that does not begin with / begins at the document as well.
-- namespaces are pairs of prefix and URI.
-- needs: xml_content
CREATE OR REPLACE FUNCTION godwit_oracle.xml_nodes(document xml, path text, namespaces text[] DEFAULT '{}') RETURNS xml[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT CASE WHEN document IS NULL THEN NULL ELSE xpath(concat('/x', CASE WHEN path NOT LIKE '/%' THEN '/' END, path), concat('<x>', godwit_oracle.xml_content(document), '</x>')::xml, namespaces) END
$$;
