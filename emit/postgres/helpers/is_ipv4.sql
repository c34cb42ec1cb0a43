-- 1 when a text is a full IPv4 address, else 0 (also for NULL).
CREATE OR REPLACE FUNCTION godwit_mysql.is_ipv4(value text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT coalesce(value COLLATE "C" ~ '^0*(25[0-5]|2[0-4]\d|1?\d?\d)(\.0*(25[0-5]|2[0-4]\d|1?\d?\d)){3}$' AND value COLLATE "C" ~ '^\d{1,3}(\.\d{1,3}){3}$', false)::integer
$$;
