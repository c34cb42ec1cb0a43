-- Sixteen bytes that no other call gives (SQL Language Reference, SYS_GUID).
CREATE OR REPLACE FUNCTION godwit_oracle.sys_guid() RETURNS bytea
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
SELECT uuid_send(gen_random_uuid())
$$;
