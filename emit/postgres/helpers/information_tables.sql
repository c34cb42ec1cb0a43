-- The tables and views as information_schema.TABLES shows them; those of the server itself, temporary ones and partitions are left out.
-- needs: information_schemata
CREATE OR REPLACE VIEW godwit_mysql.information_tables AS
SELECT s.catalog_name AS table_catalog, s.schema_name AS table_schema, c.relname::text AS table_name,
    CASE WHEN c.relkind IN ('r', 'p', 'f') THEN 'BASE TABLE' ELSE 'VIEW' END COLLATE "C" AS table_type,
    CASE WHEN c.relkind IN ('r', 'p', 'f') THEN coalesce(obj_description(c.oid, 'pg_class'), '') ELSE 'VIEW' END COLLATE "C" AS table_comment,
    c.oid AS relation
FROM pg_catalog.pg_class AS c JOIN godwit_mysql.information_schemata AS s ON s.schema = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition;
