-- The views as ALL_VIEWS shows them (Database Reference, ALL_VIEWS), without their text.
-- needs: dictionary_schemas, source_name
CREATE OR REPLACE VIEW godwit_oracle.all_views AS
SELECT s.owner, godwit_oracle.source_name(c.relname) AS view_name, s.mine
FROM pg_catalog.pg_class AS c JOIN godwit_oracle.dictionary_schemas AS s ON s.schema = c.relnamespace
WHERE c.relkind = 'v';
