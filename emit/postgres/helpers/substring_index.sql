-- All before the n-th delimiter from the left, or behind the n-th from the right when n is negative; compares code points.
CREATE OR REPLACE FUNCTION godwit_mysql.substring_index(value text, delimiter text, n bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  parts text[] COLLATE "C";
BEGIN
  IF n = 0 OR delimiter = '' OR value = '' THEN
    RETURN '';
  END IF;
  parts := string_to_array(value COLLATE "C", delimiter COLLATE "C");
  IF n > 0 THEN
    RETURN array_to_string(parts[1:least(n, cardinality(parts))::integer], delimiter);
  END IF;
  RETURN array_to_string(parts[greatest(cardinality(parts) + n + 1, 1)::integer:], delimiter);
END
$$;
