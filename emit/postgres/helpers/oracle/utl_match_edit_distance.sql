-- How many characters are to be inserted, deleted or replaced to make one text of another (PL/SQL Packages and Types Reference, UTL_MATCH). What the source gives for NULL, and
-- for characters of several bytes, its manual does not say.
CREATE OR REPLACE FUNCTION godwit_oracle.utl_match_edit_distance(a text, b text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  above integer[];
  line integer[];
BEGIN
  IF a IS NULL OR b IS NULL OR octet_length(a || b) > length(a || b) THEN
    RAISE EXCEPTION 'UTL_MATCH.EDIT_DISTANCE of NULL, or of characters of several bytes, has no equivalent' USING ERRCODE = '0A000';
  END IF;
  above := ARRAY(SELECT generate_series(0, length(b)));
  FOR i IN 1..length(a) LOOP
    line := ARRAY[i];
    FOR j IN 1..length(b) LOOP
      line[j + 1] := least(line[j] + 1, above[j + 1] + 1, above[j] + (substr(a, i, 1) <> substr(b, j, 1))::integer);
    END LOOP;
    above := line;
  END LOOP;
  RETURN above[length(b) + 1];
END
$$;
