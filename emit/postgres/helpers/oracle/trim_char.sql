-- Text without a character at its beginning (leading), its end (trailing) or both (SQL Language Reference, TRIM).
CREATE OR REPLACE FUNCTION godwit_oracle.trim_char(value text, part text, side text DEFAULT 'both') RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF length(part) > 1 THEN
    RAISE EXCEPTION 'ORA-30001: trim set should have only one character' USING ERRCODE = '22023';
  END IF;
  RETURN nullif(CASE side WHEN 'leading' THEN pg_catalog.ltrim(value, nullif(part, '')) WHEN 'trailing' THEN pg_catalog.rtrim(value, nullif(part, '')) ELSE btrim(value, nullif(part, '')) END, '');
END
$$;
