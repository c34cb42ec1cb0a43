-- The views as information_schema.VIEWS shows them.
-- needs: information_tables
CREATE OR REPLACE VIEW godwit_mysql.information_views AS
SELECT table_catalog, table_schema, table_name
FROM godwit_mysql.information_tables
WHERE table_type = 'VIEW';
