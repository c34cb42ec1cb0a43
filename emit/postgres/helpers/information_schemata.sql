-- The schemas as information_schema.SCHEMATA shows databases; those of the server itself are left out.
CREATE OR REPLACE VIEW godwit_mysql.information_schemata AS
SELECT 'def'::text COLLATE "C" AS catalog_name, n.nspname::text AS schema_name, NULL::text COLLATE "C" AS sql_path, n.oid AS schema
FROM pg_catalog.pg_namespace AS n
WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', split_part('godwit_mysql.', '.', 1));
