-- A LOB with another behind it: the new value of the first (PL/SQL Packages and Types Reference, DBMS_LOB).
-- needs: lob_given
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_append(value text, more text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT godwit_oracle.lob_given(value) || godwit_oracle.lob_given(more)
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_append(value bytea, more bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT godwit_oracle.lob_given(value) || godwit_oracle.lob_given(more)
$$;
