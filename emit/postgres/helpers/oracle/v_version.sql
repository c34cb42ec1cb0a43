-- The version of the server as V$VERSION shows it (Database Reference, V$VERSION).
CREATE OR REPLACE VIEW godwit_oracle.v_version AS
SELECT version() AS banner, version() AS banner_full;
