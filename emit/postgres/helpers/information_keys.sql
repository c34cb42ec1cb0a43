-- The columns of indexes in order: what information_schema shows of indexes, keys and constraints is made of it. The primary key is
-- called PRIMARY.
-- needs: information_tables
CREATE OR REPLACE VIEW godwit_mysql.information_keys AS
SELECT t.table_catalog, t.table_schema, t.table_name, t.relation, i.indexrelid AS index,
    CASE WHEN i.indisprimary THEN 'PRIMARY' ELSE x.relname::text END AS index_name,
    i.indisprimary AS is_primary, i.indisunique AS is_unique, i.indnkeyatts::bigint AS width,
    k.n AS seq_in_index, a.attname::text AS column_name, upper(m.amname::text) AS index_type, obj_description(x.oid, 'pg_class') AS comment
FROM pg_catalog.pg_index AS i
JOIN godwit_mysql.information_tables AS t ON t.relation = i.indrelid
JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_am AS m ON m.oid = x.relam
CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k(attnum, n)
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0
WHERE k.n <= i.indnkeyatts;
