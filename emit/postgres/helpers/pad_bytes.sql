-- Bytes padded with zero bytes to a length; longer ones stay.
CREATE OR REPLACE FUNCTION godwit_mysql.pad_bytes(value bytea, size integer) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT value || decode(repeat('00', greatest(size - octet_length(value), 0)), 'hex')
$$;
