-- The views of the current schema as USER_VIEWS shows them (Database Reference, USER_VIEWS), without their text.
-- needs: all_views
CREATE OR REPLACE VIEW godwit_oracle.user_views AS
SELECT view_name
FROM godwit_oracle.all_views WHERE mine;
