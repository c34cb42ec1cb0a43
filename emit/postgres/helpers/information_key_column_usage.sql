-- The columns of keys and foreign keys as information_schema.KEY_COLUMN_USAGE shows them.
-- needs: information_constraints, information_keys, information_tables
CREATE OR REPLACE VIEW godwit_mysql.information_key_column_usage AS
SELECT table_catalog AS constraint_catalog, table_schema AS constraint_schema, index_name AS constraint_name, table_catalog, table_schema, table_name,
    column_name, seq_in_index AS ordinal_position, NULL::bigint AS position_in_unique_constraint,
    NULL::text COLLATE "C" AS referenced_table_schema, NULL::text COLLATE "C" AS referenced_table_name, NULL::text COLLATE "C" AS referenced_column_name
FROM godwit_mysql.information_keys
WHERE is_unique
UNION ALL
SELECT c.constraint_catalog, c.constraint_schema, c.constraint_name, c.constraint_catalog, c.table_schema, c.table_name,
    a.attname::text, p.n, array_position(i.indkey::smallint[], p.referenced)::bigint + 1, r.table_schema, r.table_name, b.attname::text
FROM godwit_mysql.information_constraints AS c
JOIN godwit_mysql.information_tables AS r ON r.relation = c.referenced
JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.index
CROSS JOIN LATERAL unnest(c.columns, c.referenced_columns) WITH ORDINALITY AS p(own, referenced, n)
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.relation AND a.attnum = p.own
JOIN pg_catalog.pg_attribute AS b ON b.attrelid = c.referenced AND b.attnum = p.referenced;
