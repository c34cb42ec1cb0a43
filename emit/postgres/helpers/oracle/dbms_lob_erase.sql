-- A LOB with so many characters or bytes from a position made blanks or zeros: its new value (PL/SQL Packages and Types Reference, DBMS_LOB).
-- needs: lob_given
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_erase(value text, amount numeric, start numeric DEFAULT 1) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT left(godwit_oracle.lob_given(value), trunc(godwit_oracle.lob_given(start))::integer - 1) || repeat(' ', greatest(0, least(trunc(godwit_oracle.lob_given(amount))::integer, length(value) - trunc(start)::integer + 1))) || substr(value, trunc(start)::integer + trunc(amount)::integer)
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_erase(value bytea, amount numeric, start numeric DEFAULT 1) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT substr(godwit_oracle.lob_given(value), 1, trunc(godwit_oracle.lob_given(start))::integer - 1) || decode(repeat('00', greatest(0, least(trunc(godwit_oracle.lob_given(amount))::integer, octet_length(value) - trunc(start)::integer + 1))), 'hex') || substr(value, trunc(start)::integer + trunc(amount)::integer)
$$;
