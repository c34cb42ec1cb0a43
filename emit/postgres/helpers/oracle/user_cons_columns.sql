-- The columns of constraints of the current schema as USER_CONS_COLUMNS shows them (Database Reference, USER_CONS_COLUMNS).
-- needs: all_cons_columns
CREATE OR REPLACE VIEW godwit_oracle.user_cons_columns AS
SELECT owner, constraint_name, table_name, column_name, position
FROM godwit_oracle.all_cons_columns WHERE mine;
