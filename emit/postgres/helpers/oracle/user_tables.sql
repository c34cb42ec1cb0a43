-- The tables of the current schema as USER_TABLES shows them (Database Reference, USER_TABLES).
-- needs: all_tables
CREATE OR REPLACE VIEW godwit_oracle.user_tables AS
SELECT table_name, status, temporary, partitioned, num_rows, last_analyzed, iot_type, nested, secondary, dropped
FROM godwit_oracle.all_tables WHERE mine;
