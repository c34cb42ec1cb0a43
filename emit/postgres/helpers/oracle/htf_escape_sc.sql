-- Text with the characters of HTML's markup as entities (PL/SQL Packages and Types Reference, HTF.ESCAPE_SC).
CREATE OR REPLACE FUNCTION godwit_oracle.htf_escape_sc(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT replace(replace(replace(replace(value, '&', '&amp;'), '"', '&quot;'), '<', '&lt;'), '>', '&gt;')
$$;
