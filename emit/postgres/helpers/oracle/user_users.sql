-- The current user as USER_USERS shows it (Database Reference, USER_USERS).
-- needs: source_name
CREATE OR REPLACE VIEW godwit_oracle.user_users AS
SELECT godwit_oracle.source_name(r.rolname) AS username, r.oid::bigint::numeric AS user_id
FROM pg_catalog.pg_roles AS r
WHERE r.rolname = current_user;
