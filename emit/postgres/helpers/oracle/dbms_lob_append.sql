-- A LOB with another behind it: the new value of the first (PL/SQL Packages and Types Reference, DBMS_LOB).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_append(value text, more text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT value || more
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_append(value bytea, more bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT value || more
$$;
