-- A document without its XML declaration, as it stands inside of another one.
CREATE OR REPLACE FUNCTION godwit_oracle.xml_content(document xml) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  content text := regexp_replace(document::text, '^\s*<\?xml\s.*?\?>\s*', '');
BEGIN
  IF content ~ '^\s*<!DOCTYPE' THEN
    RAISE EXCEPTION 'a document with DOCTYPE is not converted' USING ERRCODE = '0A000';
  END IF;
  RETURN content;
END
$$;
