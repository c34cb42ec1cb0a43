-- A pattern as an advanced regular expression of PostgreSQL, with the match parameters i, c, n, m and x in front (SQL Language Reference, Oracle Regular Expression
-- Support): a dot matches no line break without n, a backslash in brackets is a character, and before a letter that is no class means that letter.
CREATE OR REPLACE FUNCTION godwit_oracle.regexp_pattern(pattern text, flags text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  result text COLLATE "C" := '';
  options text COLLATE "C" := '';
  rest text COLLATE "C" := pattern;
  c text COLLATE "C";
  bracket text COLLATE "C";
  dot text COLLATE "C" := '[^\n]';
  blanks boolean := false;
BEGIN
  IF pattern IS NULL OR pattern = '' THEN
    RETURN NULL;
  ELSIF flags IS NULL AND rest !~ '[\\.]|\(\?|^\*' THEN
    RETURN pattern;
  ELSIF flags COLLATE "C" !~ '^[icnmx]*$' THEN
    RAISE EXCEPTION 'ORA-01760: illegal argument for function' USING ERRCODE = '22023', DETAIL = flags;
  ELSIF rest ~ '^\*|\(\?' THEN
    RAISE EXCEPTION 'the regular expression % has no equivalent', pattern USING ERRCODE = '0A000';
  END IF;
  IF flags COLLATE "C" ~ 'i[^c]*$' THEN
    options := 'i';
  END IF;
  IF position('n' IN flags) > 0 THEN
    dot := '.';
  END IF;
  IF position('m' IN flags) > 0 THEN
    options := options || 'w';
  END IF;
  blanks := coalesce(position('x' IN flags) > 0, false);
  WHILE rest <> '' LOOP
    c := left(rest, 1);
    IF c = '[' THEN
      bracket := substring(rest FROM '^\[\^?\]?(?:\[:[^:]*:\]|\[=[^=]*=\]|\[\.[^.]*\.\]|[^\]])*\]');
      IF bracket IS NULL THEN
        RAISE EXCEPTION 'ORA-12726: unmatched bracket in regular expression' USING ERRCODE = '2201B', DETAIL = pattern;
      END IF;
      result := result || replace(bracket, '\', '\\');
      rest := substr(rest, length(bracket) + 1);
    ELSIF c = '\' THEN
      c := substr(rest, 2, 1);
      rest := substr(rest, 3);
      result := result || CASE
        WHEN c = '' THEN '\\'
        WHEN c = 'Z' THEN '(?=\n?\Z)'
        WHEN c = 'z' THEN '\Z'
        WHEN c ~ '^[dDwWsSA1-9]$' THEN '\' || c
        WHEN c ~ '^[A-Za-z0]$' OR ascii(c) > 127 THEN c
        ELSE '\' || c END;
    ELSE
      IF c = '.' THEN
        result := result || dot;
      ELSIF NOT (blanks AND c ~ '\s') THEN
        result := result || c;
      END IF;
      rest := substr(rest, 2);
    END IF;
  END LOOP;
  RETURN CASE WHEN options = '' THEN '' ELSE '(?' || options || ')' END || result;
END
$$;
