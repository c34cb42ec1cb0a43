-- The columns of tables and views of the current schema as USER_TAB_COLUMNS and USER_TAB_COLS show them (Database Reference, USER_TAB_COLUMNS).
-- needs: all_tab_columns
CREATE OR REPLACE VIEW godwit_oracle.user_tab_columns AS
SELECT table_name, column_name, column_id, nullable, data_type, data_length, data_precision, data_scale, char_length, identity_column, hidden_column, virtual_column
FROM godwit_oracle.all_tab_columns WHERE mine;
