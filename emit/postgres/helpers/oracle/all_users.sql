-- The roles that can log in as ALL_USERS shows users (Database Reference, ALL_USERS).
-- needs: source_name
CREATE OR REPLACE VIEW godwit_oracle.all_users AS
SELECT godwit_oracle.source_name(r.rolname) AS username, r.oid::bigint::numeric AS user_id
FROM pg_catalog.pg_roles AS r
WHERE r.rolcanlogin;
