-- A document with the changes of a patch (RFC 7396; SQL Language Reference, JSON_MERGEPATCH).
-- needs: json_patched
CREATE OR REPLACE FUNCTION godwit_oracle.json_mergepatch(document text, patch text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN document IS NULL OR patch IS NULL THEN NULL ELSE godwit_oracle.json_patched(document::json, patch::json) END
$$;
