-- The position of a text in another at or behind a start, 0 when it is not there; compares by the collation of the arguments,
-- and only parts with as many bytes as the text that is looked for.
CREATE OR REPLACE FUNCTION godwit_mysql.locate_text(part text, value text, start bigint DEFAULT 1) RETURNS integer
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  size integer := char_length(part);
  piece text;
BEGIN
  IF start < 1 OR start > char_length(value) + 1 THEN
    RETURN 0;
  ELSIF size = 0 THEN
    RETURN start;
  END IF;
  FOR i IN start::integer .. char_length(value) - size + 1 LOOP
    piece := substr(value, i, size);
    IF octet_length(piece) = octet_length(part) AND piece = part THEN
      RETURN i;
    END IF;
  END LOOP;
  RETURN 0;
END
$$;
