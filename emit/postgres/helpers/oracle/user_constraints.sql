-- The constraints of the current schema as USER_CONSTRAINTS shows them (Database Reference, USER_CONSTRAINTS).
-- needs: all_constraints
CREATE OR REPLACE VIEW godwit_oracle.user_constraints AS
SELECT owner, constraint_name, constraint_type, table_name, r_owner, r_constraint_name, delete_rule, status, "deferrable", deferred, validated, index_name
FROM godwit_oracle.all_constraints WHERE mine;
