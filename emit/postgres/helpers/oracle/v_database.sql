-- The database as V$DATABASE shows it (Database Reference, V$DATABASE).
-- needs: source_name
CREATE OR REPLACE VIEW godwit_oracle.v_database AS
SELECT godwit_oracle.source_name(current_database()) AS name, CASE WHEN pg_catalog.pg_is_in_recovery() THEN 'READ ONLY' ELSE 'READ WRITE' END AS open_mode,
    CASE WHEN pg_catalog.pg_is_in_recovery() THEN 'PHYSICAL STANDBY' ELSE 'PRIMARY' END AS database_role;
