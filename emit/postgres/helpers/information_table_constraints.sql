-- The constraints as information_schema.TABLE_CONSTRAINTS shows them.
-- needs: information_constraints
CREATE OR REPLACE VIEW godwit_mysql.information_table_constraints AS
SELECT constraint_catalog, constraint_schema, constraint_name, table_schema, table_name, constraint_type
FROM godwit_mysql.information_constraints;
