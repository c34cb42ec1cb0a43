-- Compares parts of two LOBs: 0 for equal ones, else -1 or 1 (PL/SQL Packages and Types Reference, DBMS_LOB).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_compare(a text, b text, amount numeric DEFAULT 1073741823, start_a numeric DEFAULT 1, start_b numeric DEFAULT 1) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN a IS NULL OR b IS NULL OR amount < 1 OR start_a < 1 OR start_b < 1 THEN NULL WHEN x = y THEN 0 WHEN x < y THEN -1 ELSE 1 END
FROM (SELECT substr(a, trunc(start_a)::integer, least(trunc(amount), 1073741823 - trunc(start_a))::integer) COLLATE "C", substr(b, trunc(start_b)::integer, least(trunc(amount), 1073741823 - trunc(start_b))::integer) COLLATE "C") AS p(x, y)
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_compare(a bytea, b bytea, amount numeric DEFAULT 1073741823, start_a numeric DEFAULT 1, start_b numeric DEFAULT 1) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN a IS NULL OR b IS NULL OR amount < 1 OR start_a < 1 OR start_b < 1 THEN NULL WHEN x = y THEN 0 WHEN x < y THEN -1 ELSE 1 END
FROM (SELECT substr(a, trunc(start_a)::integer, least(trunc(amount), 1073741823 - trunc(start_a))::integer), substr(b, trunc(start_b)::integer, least(trunc(amount), 1073741823 - trunc(start_b))::integer)) AS p(x, y)
$$;
