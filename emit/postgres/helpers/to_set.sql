-- A SET value written in the order of its list, each value once; the digits of a number are its bits; an error when a part is not in the list.
-- needs: fold, set_of_bits
CREATE OR REPLACE FUNCTION godwit_mysql.to_set(value text, list text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  part text COLLATE "C";
  found_parts text[] COLLATE "C" := '{}';
  v text COLLATE "C";
BEGIN
  IF value = '' THEN
    RETURN '';
  END IF;
  IF value COLLATE "C" ~ '^[0-9]{1,18}$' AND NOT value COLLATE "C" = ANY (list) AND value::bigint >> cardinality(list) = 0 THEN
    RETURN godwit_mysql.set_of_bits(value::bigint, list);
  END IF;
  FOREACH part IN ARRAY string_to_array(value COLLATE "C", ',') LOOP
    SELECT w INTO v FROM unnest(list) AS w WHERE godwit_mysql.fold(w COLLATE "C") = godwit_mysql.fold(rtrim(part COLLATE "C", ' '));
    IF v IS NULL THEN
      RAISE invalid_text_representation USING MESSAGE = format('Data truncated: %L is no value of the SET', part);
    END IF;
    found_parts := found_parts || v;
  END LOOP;
  RETURN (SELECT string_agg(w, ',' ORDER BY i) FROM unnest(list) WITH ORDINALITY AS t(w, i) WHERE w COLLATE "C" = ANY (found_parts));
END
$$;
