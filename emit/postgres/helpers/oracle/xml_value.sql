-- The text of the node at a path, NULL if there is none or it is empty: EXTRACTVALUE (leaf), XMLCAST(XMLQUERY(...)) and columns of XMLTABLE
-- (SQL Language Reference, EXTRACTVALUE, XMLCAST, XMLTABLE). Several nodes are an error, to EXTRACTVALUE elements within the node too.
-- needs: xml_content
CREATE OR REPLACE FUNCTION godwit_oracle.xml_value(document xml, path text, leaf boolean DEFAULT false, namespaces text[] DEFAULT '{}') RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  place text := concat('/x', CASE WHEN path NOT LIKE '/%' THEN '/' END, path);
  root xml;
  nodes integer;
  found text;
BEGIN
  IF document IS NULL THEN
    RETURN NULL;
  END IF;
  root := concat('<x>', godwit_oracle.xml_content(document), '</x>')::xml;
  nodes := (xpath(concat('count(', place, ')'), root, namespaces))[1]::text::integer;
  IF nodes > 1 AND leaf THEN
    RAISE EXCEPTION 'ORA-19025: EXTRACTVALUE returns value of only one node' USING ERRCODE = 'ZZEOH';
  ELSIF nodes > 1 THEN
    RAISE EXCEPTION 'ORA-19279: XPTY0004 - XQuery dynamic type mismatch: expected singleton sequence - got multi-item sequence' USING ERRCODE = 'ZZEVJ';
  ELSIF leaf AND (xpath(concat('count(', place, '/*)'), root, namespaces))[1]::text <> '0' THEN
    RAISE EXCEPTION 'ORA-19026: EXTRACTVALUE can only retrieve value of leaf node' USING ERRCODE = 'ZZEOI';
  END IF;
  found := (xpath(concat('string(', place, ')'), root, namespaces))[1]::text;
  RETURN nullif(replace(replace(replace(replace(found, '&lt;', '<'), '&gt;', '>'), '&#x0d;', chr(13)), '&amp;', '&'), '');
END
$$;
