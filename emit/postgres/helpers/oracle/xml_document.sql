-- The document that a text is: XMLTYPE(text), XMLPARSE(DOCUMENT text).
CREATE OR REPLACE FUNCTION godwit_oracle.xml_document(value text) RETURNS xml
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
SELECT xmlparse(DOCUMENT value)
$$;
