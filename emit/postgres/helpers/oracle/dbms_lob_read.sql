-- So many characters or bytes of a LOB from a position, as READ puts them into its buffer (PL/SQL Packages and Types Reference, DBMS_LOB): an error behind the end.
-- needs: lob_given, dbms_lob_substr
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_read(value text, amount numeric, start numeric) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.lob_given(value), godwit_oracle.lob_given(amount), godwit_oracle.lob_given(start);
  IF start > coalesce(length(value), 0) THEN
    RAISE EXCEPTION 'ORA-01403: no data found' USING ERRCODE = 'no_data_found';
  END IF;
  RETURN godwit_oracle.dbms_lob_substr(value, amount, start);
END
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_read(value bytea, amount numeric, start numeric) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM godwit_oracle.lob_given(value), godwit_oracle.lob_given(amount), godwit_oracle.lob_given(start);
  IF start > coalesce(octet_length(value), 0) THEN
    RAISE EXCEPTION 'ORA-01403: no data found' USING ERRCODE = 'no_data_found';
  END IF;
  RETURN godwit_oracle.dbms_lob_substr(value, amount, start);
END
$$;
