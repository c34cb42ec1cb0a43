-- Bytes of one character set in another; a set may stand behind a language and a territory, AMERICAN_AMERICA.AL32UTF8 (PL/SQL Packages and Types Reference, UTL_RAW.CONVERT).
-- needs: utl_i18n_string_to_raw, utl_i18n_raw_to_char
CREATE OR REPLACE FUNCTION godwit_oracle.utl_raw_convert(value bytea, target text, source text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF coalesce(octet_length(value), 0) = 0 OR coalesce(target, '') = '' OR coalesce(source, '') = '' THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error' USING ERRCODE = '22003';
  END IF;
  RETURN godwit_oracle.utl_i18n_string_to_raw(godwit_oracle.utl_i18n_raw_to_char(value, split_part(source, '.', -1)), split_part(target, '.', -1));
END
$$;
