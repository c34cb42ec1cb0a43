-- The triggers of the current schema as USER_TRIGGERS shows them (Database Reference, USER_TRIGGERS).
-- needs: all_triggers
CREATE OR REPLACE VIEW godwit_oracle.user_triggers AS
SELECT trigger_name, trigger_type, triggering_event, table_owner, base_object_type, table_name, status
FROM godwit_oracle.all_triggers WHERE mine;
