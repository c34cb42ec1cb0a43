-- Without all occurrences of a text at the beginning ('leading'), the end ('trailing') or both; compares code points.
CREATE OR REPLACE FUNCTION godwit_mysql.trim_text(value text, part text, side text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF part = '' THEN
    RETURN value;
  END IF;
  IF side <> 'trailing' THEN
    WHILE left(value, char_length(part)) COLLATE "C" = part COLLATE "C" LOOP
      value := substr(value, char_length(part) + 1);
    END LOOP;
  END IF;
  IF side <> 'leading' THEN
    WHILE right(value, char_length(part)) COLLATE "C" = part COLLATE "C" LOOP
      value := left(value, -char_length(part));
    END LOOP;
  END IF;
  RETURN value;
END
$$;
