-- The comments on columns of the current schema as USER_COL_COMMENTS shows them (Database Reference, USER_COL_COMMENTS).
-- needs: all_col_comments
CREATE OR REPLACE VIEW godwit_oracle.user_col_comments AS
SELECT table_name, column_name, comments
FROM godwit_oracle.all_col_comments WHERE mine;
