-- The sessions as V$SESSION shows them (Database Reference, V$SESSION); those of other users show what the server lets the current one see.
-- needs: source_name
CREATE OR REPLACE VIEW godwit_oracle.v_session AS
SELECT a.pid::numeric AS sid, godwit_oracle.source_name(a.usename) AS username, CASE WHEN a.state = 'active' THEN 'ACTIVE' ELSE 'INACTIVE' END AS status,
    CASE WHEN a.backend_type = 'client backend' THEN 'USER' ELSE 'BACKGROUND' END AS type, a.backend_start::timestamp(0) AS logon_time,
    nullif(a.application_name, '') AS program, nullif(a.application_name, '') AS module, coalesce(a.client_hostname, host(a.client_addr)) AS machine
FROM pg_catalog.pg_stat_activity AS a
WHERE a.datname IS NULL OR a.datname = current_database();
