-- A LOB with so many characters or bytes of the buffer written over it from a position, blanks or zeros between its end and there: its new value (PL/SQL Packages and Types Reference, DBMS_LOB).
-- needs: lob_given
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_write(value text, amount numeric, start numeric, buffer text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT rpad(godwit_oracle.lob_given(value), trunc(godwit_oracle.lob_given(start))::integer - 1) || left(godwit_oracle.lob_given(buffer), trunc(godwit_oracle.lob_given(amount))::integer) || substr(value, trunc(start)::integer + trunc(amount)::integer)
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_write(value bytea, amount numeric, start numeric, buffer bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT substr(godwit_oracle.lob_given(value), 1, trunc(godwit_oracle.lob_given(start))::integer - 1) || decode(repeat('00', trunc(start)::integer - 1 - octet_length(value)), 'hex') || substr(godwit_oracle.lob_given(buffer), 1, trunc(godwit_oracle.lob_given(amount))::integer) || substr(value, trunc(start)::integer + trunc(amount)::integer)
$$;
