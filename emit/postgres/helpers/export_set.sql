-- For each bit from the lowest the on or off text, joined by the separator.
-- needs: to_bits
CREATE OR REPLACE FUNCTION godwit_mysql.export_set(bits numeric, on_text text, off_text text, separator text DEFAULT ',', count bigint DEFAULT 64) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT coalesce(string_agg(CASE WHEN (godwit_mysql.to_bits(bits) >> i) & 1 = 1 THEN on_text ELSE off_text END, separator ORDER BY i), '')
  FROM generate_series(0, CASE WHEN count BETWEEN 0 AND 64 THEN count ELSE 64 END::integer - 1) AS i
$$;
