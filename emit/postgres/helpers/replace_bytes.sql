-- Every occurrence of some bytes replaced by others; an empty second value changes nothing.
CREATE OR REPLACE FUNCTION godwit_mysql.replace_bytes(value bytea, part bytea, replacement bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result bytea := '';
  place integer;
BEGIN
  LOOP
    place := CASE WHEN part = '' THEN 0 ELSE position(part IN value) END;
    IF place = 0 THEN
      RETURN result || value;
    END IF;
    result := result || substr(value, 1, place - 1) || replacement;
    value := substr(value, place + octet_length(part));
  END LOOP;
END
$$;
