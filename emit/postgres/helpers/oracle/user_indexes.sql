-- The indexes of the current schema as USER_INDEXES shows them (Database Reference, USER_INDEXES).
-- needs: all_indexes
CREATE OR REPLACE VIEW godwit_oracle.user_indexes AS
SELECT index_name, index_type, table_owner, table_name, table_type, uniqueness, status, partitioned
FROM godwit_oracle.all_indexes WHERE mine;
