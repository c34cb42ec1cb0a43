-- Text with the five characters of XML's markup as entities (PL/SQL Packages and Types Reference, DBMS_XMLGEN.CONVERT with ENTITY_ENCODE).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_xmlgen_convert(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT replace(replace(replace(replace(replace(value, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&apos;')
$$;
