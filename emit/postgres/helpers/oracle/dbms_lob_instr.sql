-- The place of the n-th occurrence in a LOB from a position, 0 for none (PL/SQL Packages and Types Reference, DBMS_LOB); NULL for numbers below 1.
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_instr(value text, pattern text, start numeric DEFAULT 1, nth numeric DEFAULT 1) RETURNS integer
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  place integer := trunc(start);
  found_at integer;
BEGIN
  IF start < 1 OR nth < 1 OR pattern = '' THEN
    RETURN NULL;
  END IF;
  FOR i IN 1..trunc(nth)::integer LOOP
    found_at := strpos(substr(value COLLATE "C", place), pattern);
    IF found_at = 0 THEN
      RETURN 0;
    END IF;
    place := place + found_at;
  END LOOP;
  RETURN place - 1;
END
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.dbms_lob_instr(value bytea, pattern bytea, start numeric DEFAULT 1, nth numeric DEFAULT 1) RETURNS integer
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  place integer := trunc(start);
  found_at integer;
BEGIN
  IF start < 1 OR nth < 1 OR octet_length(pattern) = 0 THEN
    RETURN NULL;
  END IF;
  FOR i IN 1..trunc(nth)::integer LOOP
    found_at := position(pattern IN substr(value, place));
    IF found_at = 0 THEN
      RETURN 0;
    END IF;
    place := place + found_at;
  END LOOP;
  RETURN place - 1;
END
$$;
