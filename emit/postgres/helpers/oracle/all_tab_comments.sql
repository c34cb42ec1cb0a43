-- The comments on tables and views as ALL_TAB_COMMENTS shows them (Database Reference, ALL_TAB_COMMENTS).
-- needs: dictionary_schemas, source_name
CREATE OR REPLACE VIEW godwit_oracle.all_tab_comments AS
SELECT s.owner, godwit_oracle.source_name(c.relname) AS table_name, CASE WHEN c.relkind = 'v' THEN 'VIEW' ELSE 'TABLE' END AS table_type,
    pg_catalog.obj_description(c.oid, 'pg_class') AS comments, s.mine
FROM pg_catalog.pg_class AS c JOIN godwit_oracle.dictionary_schemas AS s ON s.schema = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f', 'v') AND NOT c.relispartition;
