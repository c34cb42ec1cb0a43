-- The SET value of a number: the values of the list whose bits are set.
CREATE OR REPLACE FUNCTION godwit_mysql.set_of_bits(bits bigint, list text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT coalesce(string_agg(v, ',' ORDER BY i), '')
  FROM unnest(list) WITH ORDINALITY AS t(v, i)
  WHERE (bits >> (i - 1)::integer) & 1 = 1
$$;
