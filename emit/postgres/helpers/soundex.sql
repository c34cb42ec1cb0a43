-- The sound code of a text by the original algorithm, as long as needed and at least 4 characters.
CREATE OR REPLACE FUNCTION godwit_mysql.soundex(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  codes constant text COLLATE "C" := '01230120022455012623010202';
  c text COLLATE "C";
  code text COLLATE "C";
  last text COLLATE "C" := '';
  result text COLLATE "C" := '';
BEGIN
  FOREACH c IN ARRAY regexp_split_to_array(upper(value COLLATE "C"), '') LOOP
    IF c COLLATE "C" !~ '[[:alpha:]]' AND c COLLATE "C" <= '~' THEN
      CONTINUE;
    END IF;
    code := CASE WHEN c COLLATE "C" BETWEEN 'A' AND 'Z' THEN substr(codes, ascii(c) - 64, 1) ELSE '0' END;
    IF result = '' THEN
      result := c;
      last := code;
    ELSIF code <> '0' THEN
      IF code <> last THEN
        result := result || code;
      END IF;
      last := code;
    END IF;
  END LOOP;
  RETURN CASE WHEN result = '' THEN '' ELSE rpad(result, greatest(4, char_length(result)), '0') END;
END
$$;
