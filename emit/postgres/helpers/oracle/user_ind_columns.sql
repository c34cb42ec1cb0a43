-- The columns of indexes of the current schema as USER_IND_COLUMNS shows them (Database Reference, USER_IND_COLUMNS).
-- needs: all_ind_columns
CREATE OR REPLACE VIEW godwit_oracle.user_ind_columns AS
SELECT index_name, table_name, column_name, column_position, descend
FROM godwit_oracle.all_ind_columns WHERE mine;
