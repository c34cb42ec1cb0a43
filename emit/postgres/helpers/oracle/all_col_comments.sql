-- The comments on columns as ALL_COL_COMMENTS shows them (Database Reference, ALL_COL_COMMENTS).
-- needs: dictionary_schemas, source_name
CREATE OR REPLACE VIEW godwit_oracle.all_col_comments AS
SELECT s.owner, godwit_oracle.source_name(c.relname) AS table_name, godwit_oracle.source_name(a.attname) AS column_name,
    pg_catalog.col_description(c.oid, a.attnum) AS comments, s.mine
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN godwit_oracle.dictionary_schemas AS s ON s.schema = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'm', 'v') AND NOT c.relispartition;
