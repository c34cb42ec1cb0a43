-- The character whose bytes a number gives (SQL Language Reference, CHR), in the character set AL32UTF8. CHR(0) is an error: PostgreSQL stores no such character.
CREATE OR REPLACE FUNCTION godwit_oracle.chr(n numeric) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN n < 128 THEN pg_catalog.chr(trunc(n)::integer)
  ELSE convert_from(decode(pg_catalog.lpad(to_hex(trunc(n)::bigint), (length(to_hex(trunc(n)::bigint)) + 1) / 2 * 2, '0'), 'hex'), 'UTF8') END
$$;
