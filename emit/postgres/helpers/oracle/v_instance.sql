-- The server as V$INSTANCE shows it (Database Reference, V$INSTANCE).
CREATE OR REPLACE VIEW godwit_oracle.v_instance AS
SELECT 1::numeric AS instance_number, current_database()::text AS instance_name, current_setting('server_version') AS version,
    pg_catalog.pg_postmaster_start_time()::timestamp(0) AS startup_time, 'OPEN'::text AS status, 'ACTIVE'::text AS database_status;
