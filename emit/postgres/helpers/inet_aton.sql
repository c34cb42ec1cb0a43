-- The number of an IPv4 address, short forms and empty parts before the last included; NULL for what is none.
CREATE OR REPLACE FUNCTION godwit_mysql.inet_aton(value text) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  parts text[] COLLATE "C" := string_to_array(value COLLATE "C", '.');
  n bigint := 0;
BEGIN
  IF value COLLATE "C" !~ '^(\d*\.){0,3}\d+$' THEN
    RETURN NULL;
  END IF;
  FOR i IN 1 .. cardinality(parts) LOOP
    IF parts[i] = '' THEN
      parts[i] := '0';
    END IF;
    IF parts[i]::numeric > 255 THEN
      RETURN NULL;
    END IF;
    IF i = cardinality(parts) AND i < 4 THEN
      n := n << (8 * (4 - i));
    END IF;
    n := (n << 8) + parts[i]::bigint;
  END LOOP;
  RETURN CASE WHEN cardinality(parts) = 1 THEN parts[1]::bigint ELSE n END;
END
$$;
