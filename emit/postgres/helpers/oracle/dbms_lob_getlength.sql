-- The length of a LOB in characters or bytes (PL/SQL Packages and Types Reference, DBMS_LOB).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_getlength(value text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT length(value)
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_getlength(value bytea) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT octet_length(value)
$$;
