-- The routines of the current schema as USER_PROCEDURES shows those that stand alone (Database Reference, USER_PROCEDURES).
-- needs: all_procedures
CREATE OR REPLACE VIEW godwit_oracle.user_procedures AS
SELECT object_name, procedure_name, object_id, object_type
FROM godwit_oracle.all_procedures WHERE mine;
