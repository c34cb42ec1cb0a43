-- The position of a text in a comma separated list, 0 when it is not there; compares by the collation of the arguments.
CREATE OR REPLACE FUNCTION godwit_mysql.find_in_list(part text, list text) RETURNS integer
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  item text;
  n integer := 0;
BEGIN
  IF octet_length(list) = 0 OR strpos(part COLLATE "C", ',') > 0 THEN
    RETURN 0;
  END IF;
  FOREACH item IN ARRAY string_to_array(list COLLATE "C", ',') LOOP
    n := n + 1;
    IF item = part THEN
      RETURN n;
    END IF;
  END LOOP;
  RETURN 0;
END
$$;
