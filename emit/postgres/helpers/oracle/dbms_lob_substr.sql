-- So many characters or bytes of a LOB from a position (PL/SQL Packages and Types Reference, DBMS_LOB): NULL for numbers below 1 and behind the end.
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_substr(value text, amount numeric DEFAULT 32767, start numeric DEFAULT 1) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN amount >= 1 AND start >= 1 AND trunc(start) <= length(value) THEN substr(value, trunc(start)::integer, least(trunc(amount), length(value))::integer) END
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_substr(value bytea, amount numeric DEFAULT 32767, start numeric DEFAULT 1) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN amount >= 1 AND start >= 1 AND trunc(start) <= octet_length(value) THEN substr(value, trunc(start)::integer, least(trunc(amount), octet_length(value))::integer) END
$$;
