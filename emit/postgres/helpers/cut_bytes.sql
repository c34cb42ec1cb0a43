-- A text cut to so many bytes, at the end of a character.
CREATE OR REPLACE FUNCTION godwit_mysql.cut_bytes(value text, bytes bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  n integer := least(char_length(value), bytes)::integer;
BEGIN
  WHILE octet_length(left(value, n)) > bytes LOOP
    n := n - 1;
  END LOOP;
  RETURN left(value, n);
END
$$;
