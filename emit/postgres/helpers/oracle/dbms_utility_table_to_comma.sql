-- The names of a table with commas between them (PL/SQL Packages and Types Reference, DBMS_UTILITY.TABLE_TO_COMMA).
-- needs: dbms_utility_names
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_utility_table_to_comma(map jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT string_agg(map ->> place::text, ',' ORDER BY place) FROM generate_series(1, godwit_oracle.dbms_utility_names(map)) AS g (place)
$$;
