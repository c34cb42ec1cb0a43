-- The indexes as ALL_INDEXES shows them (Database Reference, ALL_INDEXES).
-- needs: dictionary_schemas, source_name
CREATE OR REPLACE VIEW godwit_oracle.all_indexes AS
SELECT s.owner, godwit_oracle.source_name(c.relname) AS index_name,
    CASE WHEN i.indexprs IS NULL THEN 'NORMAL' ELSE 'FUNCTION-BASED NORMAL' END AS index_type,
    s.owner AS table_owner, godwit_oracle.source_name(t.relname) AS table_name, 'TABLE'::text AS table_type,
    CASE WHEN i.indisunique THEN 'UNIQUE' ELSE 'NONUNIQUE' END AS uniqueness,
    CASE WHEN i.indisvalid THEN 'VALID' ELSE 'UNUSABLE' END AS status,
    CASE WHEN c.relkind = 'I' THEN 'YES' ELSE 'NO' END AS partitioned, s.mine
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid
JOIN godwit_oracle.dictionary_schemas AS s ON s.schema = c.relnamespace
WHERE NOT t.relispartition;
