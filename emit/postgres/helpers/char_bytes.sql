-- The bytes of numbers, big-endian and without leading zero bytes; NULLs are skipped.
CREATE OR REPLACE FUNCTION godwit_mysql.char_bytes(VARIADIC codes bigint[]) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT coalesce(string_agg(decode(CASE WHEN length(x) % 2 = 1 THEN '0' ELSE '' END || x, 'hex'), '\x'::bytea ORDER BY i), '\x'::bytea)
  FROM (SELECT to_hex(c & 4294967295), i FROM unnest(codes) WITH ORDINALITY AS t(c, i) WHERE c IS NOT NULL) AS h(x, i)
$$;
