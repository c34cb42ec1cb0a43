-- The place of the n-th occurrence of a text, searched from a position (SQL Language Reference, INSTR); a negative position counts from the end and searches backwards. 0 for none.
CREATE OR REPLACE FUNCTION godwit_oracle.instr(value text, part text, start numeric, occurrence numeric DEFAULT 1) RETURNS integer
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  text_c text COLLATE "C" := value;
  part_c text COLLATE "C" := part;
  rest integer := trunc(occurrence);
  place integer := trunc(start);
  found_at integer;
BEGIN
  IF rest < 1 THEN
    RAISE EXCEPTION 'ORA-01428: argument ''%'' is out of range', rest USING ERRCODE = '22023';
  ELSIF text_c = '' OR part_c = '' THEN
    RETURN NULL;
  ELSIF place = 0 THEN
    RETURN 0;
  ELSIF place > 0 THEN
    LOOP
      found_at := strpos(pg_catalog.substr(text_c, place), part_c);
      IF found_at = 0 THEN
        RETURN 0;
      END IF;
      place := place + found_at;
      rest := rest - 1;
      IF rest = 0 THEN
        RETURN place - 1;
      END IF;
    END LOOP;
  END IF;
  place := least(length(text_c) + place + 1, length(text_c) - length(part_c) + 1);
  WHILE place > 0 LOOP
    IF pg_catalog.substr(text_c, place, length(part_c)) = part_c THEN
      rest := rest - 1;
      IF rest = 0 THEN
        RETURN place;
      END IF;
    END IF;
    place := place - 1;
  END LOOP;
  RETURN 0;
END
$$;

-- The place of the first occurrence.
CREATE OR REPLACE FUNCTION godwit_oracle.instr(value text, part text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT strpos(nullif(value, '') COLLATE "C", nullif(part, ''))
$$;
