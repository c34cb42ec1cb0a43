-- The foreign keys as information_schema.REFERENTIAL_CONSTRAINTS shows them.
-- needs: information_constraints, information_keys, information_tables
CREATE OR REPLACE VIEW godwit_mysql.information_referential_constraints AS
SELECT c.constraint_catalog, c.constraint_schema, c.constraint_name, c.constraint_catalog AS unique_constraint_catalog,
    r.table_schema AS unique_constraint_schema,
    (SELECT k.index_name FROM godwit_mysql.information_keys AS k WHERE k.index = c.index AND k.seq_in_index = 1) AS unique_constraint_name,
    c.update_rule, c.delete_rule, c.table_name, r.table_name AS referenced_table_name
FROM godwit_mysql.information_constraints AS c
JOIN godwit_mysql.information_tables AS r ON r.relation = c.referenced;
