-- The materialized views as ALL_MVIEWS shows them (Database Reference, ALL_MVIEWS).
-- needs: dictionary_schemas, source_name
CREATE OR REPLACE VIEW godwit_oracle.all_mviews AS
SELECT s.owner, godwit_oracle.source_name(c.relname) AS mview_name, godwit_oracle.source_name(c.relname) AS container_name, s.mine
FROM pg_catalog.pg_class AS c JOIN godwit_oracle.dictionary_schemas AS s ON s.schema = c.relnamespace
WHERE c.relkind = 'm';
