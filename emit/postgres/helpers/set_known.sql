-- What a SET keeps of a text without strict mode: the parts that are in the list, in its order, each once.
-- needs: fold, set_of_bits
CREATE OR REPLACE FUNCTION godwit_mysql.set_known(value text, list text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT coalesce(string_agg(v, ',' ORDER BY i), CASE WHEN value COLLATE "C" ~ '^[0-9]{1,18}$' AND value::bigint >> cardinality(list) = 0 THEN godwit_mysql.set_of_bits(value::bigint, list) ELSE '' END)
  FROM unnest(list) WITH ORDINALITY AS t(v, i)
  WHERE godwit_mysql.fold(v COLLATE "C") IN (SELECT godwit_mysql.fold(rtrim(w COLLATE "C", ' ')) FROM unnest(string_to_array(value COLLATE "C", ',')) AS w)
$$;
