-- A name in double quotes, in lower case where it has no quotes and is to be folded (PL/SQL Packages and Types Reference, DBMS_ASSERT).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_assert_enquote_name(value text, fold boolean DEFAULT true) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN value LIKE '"%"' THEN value WHEN fold OR value = upper(value) THEN concat('"', lower(value), '"') ELSE concat('"', value, '"') END
$$;
