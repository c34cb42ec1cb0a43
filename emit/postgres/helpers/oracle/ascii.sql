-- The bytes of the first character as a number (SQL Language Reference, ASCII), in the character set AL32UTF8.
CREATE OR REPLACE FUNCTION godwit_oracle.ascii(value text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN value = '' THEN NULL WHEN pg_catalog.ascii(value) < 128 THEN pg_catalog.ascii(value)::numeric
  ELSE (('x' || pg_catalog.lpad(encode(convert_to(pg_catalog.left(value, 1), 'UTF8'), 'hex'), 16, '0'))::bit(64)::bigint)::numeric END
$$;
