-- The texts whose bit is set, joined by commas; NULL texts are skipped.
-- needs: to_bits
CREATE OR REPLACE FUNCTION godwit_mysql.make_set(bits numeric, VARIADIC words text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN bits IS NOT NULL THEN coalesce(string_agg(w, ',' ORDER BY i), '') END
  FROM unnest(words) WITH ORDINALITY AS t(w, i)
  WHERE i <= 64 AND (godwit_mysql.to_bits(bits) >> (i - 1)::integer) & 1 = 1
$$;
