-- A text as the content of an element or the value of an attribute, with entities as XMLELEMENT writes them (SQL Language Reference, XMLELEMENT).
CREATE OR REPLACE FUNCTION godwit_oracle.xml_escape(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT nullif(replace(replace(replace(replace(replace(value, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&apos;'), '')
$$;
