-- The objects of the current schema as USER_OBJECTS shows them (Database Reference, USER_OBJECTS).
-- needs: all_objects
CREATE OR REPLACE VIEW godwit_oracle.user_objects AS
SELECT object_name, subobject_name, object_id, object_type, status, generated, secondary
FROM godwit_oracle.all_objects WHERE mine;
