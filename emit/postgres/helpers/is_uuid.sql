-- 1 when a text is a UUID: 32 hexadecimal digits, with or without hyphens, with hyphens also in braces; else 0.
CREATE OR REPLACE FUNCTION godwit_mysql.is_uuid(value text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT (value COLLATE "C" ~* '^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\})$')::integer
$$;
