-- A LOB with so many characters or bytes from a position made blanks or zeros: its new value (PL/SQL Packages and Types Reference, DBMS_LOB).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_erase(value text, amount numeric, start numeric DEFAULT 1) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT left(value, trunc(start)::integer - 1) || repeat(' ', greatest(0, least(trunc(amount)::integer, length(value) - trunc(start)::integer + 1))) || substr(value, trunc(start)::integer + trunc(amount)::integer)
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_erase(value bytea, amount numeric, start numeric DEFAULT 1) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT substr(value, 1, trunc(start)::integer - 1) || decode(repeat('00', greatest(0, least(trunc(amount)::integer, octet_length(value) - trunc(start)::integer + 1))), 'hex') || substr(value, trunc(start)::integer + trunc(amount)::integer)
$$;
