-- A LOB cut to a length: its new value (PL/SQL Packages and Types Reference, DBMS_LOB).
-- needs: lob_given
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_trim(value text, width numeric) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT substr(godwit_oracle.lob_given(value), 1, trunc(godwit_oracle.lob_given(width))::integer)
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_trim(value bytea, width numeric) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT substr(godwit_oracle.lob_given(value), 1, trunc(godwit_oracle.lob_given(width))::integer)
$$;
