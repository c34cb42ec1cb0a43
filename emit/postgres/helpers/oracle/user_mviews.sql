-- The materialized views of the current schema as USER_MVIEWS shows them (Database Reference, USER_MVIEWS).
-- needs: all_mviews
CREATE OR REPLACE VIEW godwit_oracle.user_mviews AS
SELECT mview_name, container_name
FROM godwit_oracle.all_mviews WHERE mine;
