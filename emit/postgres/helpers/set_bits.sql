-- A SET value as a number: one bit for each value of the list.
CREATE OR REPLACE FUNCTION godwit_mysql.set_bits(value text, list text[]) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT coalesce(sum(1::bigint << (i - 1)::integer), 0)::bigint
  FROM unnest(list) WITH ORDINALITY AS t(v, i)
  WHERE v COLLATE "C" = ANY (string_to_array(value COLLATE "C", ','))
$$;
