-- Text with the five characters of XML's markup as entities (PL/SQL Packages and Types Reference, DBMS_XMLGEN.CONVERT with ENTITY_ENCODE).
-- The second form takes the flag: 1 is ENTITY_DECODE; entities by number are not supported there.
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_xmlgen_convert(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT replace(replace(replace(replace(replace(value, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&apos;')
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.dbms_xmlgen_convert(value text, flag numeric) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  CASE flag
    WHEN 0 THEN
      RETURN godwit_oracle.dbms_xmlgen_convert(value);
    WHEN 1 THEN
      IF value ~ '&#' THEN
        RAISE EXCEPTION 'DBMS_XMLGEN.CONVERT of entities by number is not supported' USING ERRCODE = '0A000';
      END IF;
      RETURN nullif(replace(replace(replace(replace(replace(value, '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&apos;', ''''), '&amp;', '&'), '');
    ELSE
      RAISE EXCEPTION 'the flag % of DBMS_XMLGEN.CONVERT is not supported', flag USING ERRCODE = '0A000';
  END CASE;
END
$$;
