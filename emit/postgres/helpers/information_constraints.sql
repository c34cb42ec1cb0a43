-- The constraints as information_schema.TABLE_CONSTRAINTS shows them, without CHECK constraints: the source has none, and the conversion
-- makes some for the ranges of types. A unique index is a constraint on the source. The rest is for the views over this one.
-- needs: information_tables, information_keys
CREATE OR REPLACE VIEW godwit_mysql.information_constraints AS
SELECT k.table_catalog AS constraint_catalog, k.table_schema AS constraint_schema, k.index_name AS constraint_name, k.table_schema, k.table_name,
    CASE WHEN k.is_primary THEN 'PRIMARY KEY' ELSE 'UNIQUE' END COLLATE "C" AS constraint_type,
    k.relation, k.index, NULL::oid AS referenced, NULL::smallint[] AS columns, NULL::smallint[] AS referenced_columns, NULL::text COLLATE "C" AS update_rule, NULL::text COLLATE "C" AS delete_rule
FROM godwit_mysql.information_keys AS k
WHERE k.is_unique AND k.seq_in_index = 1
UNION ALL
SELECT t.table_catalog, t.table_schema, c.conname::text, t.table_schema, t.table_name, 'FOREIGN KEY', t.relation, c.conindid, c.confrelid, c.conkey, c.confkey,
    CASE c.confupdtype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END COLLATE "C",
    CASE c.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END COLLATE "C"
FROM pg_catalog.pg_constraint AS c
JOIN godwit_mysql.information_tables AS t ON t.relation = c.conrelid
WHERE c.contype = 'f' AND c.conparentid = 0;
