-- A LOB with so many characters or bytes of another written over it from a position: its new value (PL/SQL Packages and Types Reference, DBMS_LOB).
-- needs: lob_given, dbms_lob_write
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_copy(value text, source text, amount numeric, start numeric DEFAULT 1, source_start numeric DEFAULT 1) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT godwit_oracle.dbms_lob_write(godwit_oracle.lob_given(value), length(part), start, part) FROM (SELECT substr(godwit_oracle.lob_given(source), trunc(godwit_oracle.lob_given(source_start))::integer, least(trunc(godwit_oracle.lob_given(amount)), length(source))::integer)) AS p(part)
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_copy(value bytea, source bytea, amount numeric, start numeric DEFAULT 1, source_start numeric DEFAULT 1) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT godwit_oracle.dbms_lob_write(godwit_oracle.lob_given(value), octet_length(part), start, part) FROM (SELECT substr(godwit_oracle.lob_given(source), trunc(godwit_oracle.lob_given(source_start))::integer, least(trunc(godwit_oracle.lob_given(amount)), octet_length(source))::integer)) AS p(part)
$$;
