-- The part of a LOB that DBMS_LOB.CONVERTTOBLOB or CONVERTTOCLOB converts, in the other form (PL/SQL Packages and Types Reference, DBMS_LOB): so many characters of a text from a position as bytes
-- of a character set, so many bytes as text. A number of 4 GB and more is DBMS_LOB.LOBMAXSIZE, all to the end. Characters that the set does not have are an error: Oracle puts another one there and warns.
-- needs: charset_name, utl_i18n_string_to_raw, utl_i18n_raw_to_char
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_converted(value text, amount numeric, start numeric, charset numeric) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  rest bigint := length(value) - trunc(start) + 1;
BEGIN
  IF value IS NULL OR amount IS NULL OR start IS NULL OR charset IS NULL THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error' USING ERRCODE = '22003';
  ELSIF amount < 1 OR start < 1 THEN
    RAISE EXCEPTION 'ORA-21560: argument is null, invalid, or out of range' USING ERRCODE = 'ZZGMW';
  ELSIF amount < 4294967295 AND trunc(amount) > rest THEN
    RAISE EXCEPTION 'ORA-22993: specified input amount is greater than actual source amount' USING ERRCODE = 'ZZHQP';
  END IF;
  RETURN coalesce(godwit_oracle.utl_i18n_string_to_raw(substr(value, trunc(start)::integer, least(trunc(amount), greatest(rest, 0))::integer), godwit_oracle.charset_name(charset)), '');
END
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_converted(value bytea, amount numeric, start numeric, charset numeric) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  rest bigint := octet_length(value) - trunc(start) + 1;
BEGIN
  IF value IS NULL OR amount IS NULL OR start IS NULL OR charset IS NULL THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error' USING ERRCODE = '22003';
  ELSIF amount < 1 OR start < 1 THEN
    RAISE EXCEPTION 'ORA-21560: argument is null, invalid, or out of range' USING ERRCODE = 'ZZGMW';
  ELSIF amount < 4294967295 AND trunc(amount) > rest THEN
    RAISE EXCEPTION 'ORA-22993: specified input amount is greater than actual source amount' USING ERRCODE = 'ZZHQP';
  END IF;
  RETURN coalesce(godwit_oracle.utl_i18n_raw_to_char(substr(value, trunc(start)::integer, least(trunc(amount), greatest(rest, 0))::integer), godwit_oracle.charset_name(charset)), '');
END
$$;
