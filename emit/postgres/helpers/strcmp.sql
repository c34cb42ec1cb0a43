-- -1, 0 or 1 as the first text sorts before, with or behind the second by the collation of the arguments.
CREATE OR REPLACE FUNCTION godwit_mysql.strcmp(a text, b text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN a = b THEN 0 WHEN a < b THEN -1 ELSE 1 END
$$;

-- -1, 0 or 1 as the first byte string sorts before, with or behind the second.
CREATE OR REPLACE FUNCTION godwit_mysql.strcmp(a bytea, b bytea) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN a = b THEN 0 WHEN a < b THEN -1 ELSE 1 END
$$;
