-- Text with composed characters taken apart (SQL Language Reference, DECOMPOSE): the canonical decomposition of Unicode, or that of compatibility.
CREATE OR REPLACE FUNCTION godwit_oracle.decompose(value text, form text DEFAULT 'CANONICAL') RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  CASE upper(form)
    WHEN 'CANONICAL' THEN RETURN normalize(value, NFD);
    WHEN 'COMPATIBILITY' THEN RETURN normalize(value, NFKD);
  END CASE;
END
$$;
