-- The comments on tables and views of the current schema as USER_TAB_COMMENTS shows them (Database Reference, USER_TAB_COMMENTS).
-- needs: all_tab_comments
CREATE OR REPLACE VIEW godwit_oracle.user_tab_comments AS
SELECT table_name, table_type, comments
FROM godwit_oracle.all_tab_comments WHERE mine;
