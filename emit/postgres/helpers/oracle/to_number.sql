-- A number from text (SQL Language Reference, TO_NUMBER): digits with a point and an exponent, blanks around them.
-- needs: nls_number
CREATE OR REPLACE FUNCTION godwit_oracle.to_number(value text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value COLLATE "C" ~ '^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?\s*$' THEN
    RETURN value::numeric;
  ELSIF value = '' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'ORA-01722: invalid number' USING ERRCODE = '22P02', DETAIL = value;
END
$$;

-- A number from text by a number format (SQL Language Reference, TO_NUMBER and Number Format Models); nls is Oracle's third argument.
CREATE OR REPLACE FUNCTION godwit_oracle.to_number(value text, mask text, nls text DEFAULT NULL) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  body text COLLATE "C" := upper(mask);
  rest text COLLATE "C" := trim(value);
  marks text := godwit_oracle.nls_number(nls, 'NLS_NUMERIC_CHARACTERS', '.,');
  parts text[];
  symbol text;
  negative boolean := false;
  ints text COLLATE "C";
  whole text COLLATE "C";
  fraction text COLLATE "C" := '';
  digits text COLLATE "C" := '';
  place integer;
BEGIN
  IF value IS NULL OR mask IS NULL OR value = '' THEN
    RETURN NULL;
  END IF;
  body := regexp_replace(body, '^FM', '');
  IF body ~ '^0*X+$' THEN
    IF rest !~ '^[0-9A-Fa-f]+$' OR length(rest) > length(body) THEN
      RAISE EXCEPTION 'ORA-01722: invalid number' USING ERRCODE = '22P02', DETAIL = value;
    ELSIF length(ltrim(rest, '0')) > 32 THEN
      RAISE EXCEPTION 'the number % by the format % has no equivalent', value, mask USING ERRCODE = '0A000';
    ELSIF length(rest) < 16 THEN
      RETURN ('x' || lpad(rest, 16, '0'))::bit(64)::bigint;
    END IF;
    rest := lpad(ltrim(rest, '0'), 32, '0');
    RETURN (SELECT sum(('x' || substr(rest, 1 + 8 * n, 8))::bit(32)::bigint::numeric * 4294967296::numeric ^ (3 - n)) FROM generate_series(0, 3) AS n)::numeric(39);
  ELSIF body ~ '^(TM[9E]?|RN)$' THEN
    IF body = 'RN' THEN
      RAISE EXCEPTION 'the number format % has no equivalent for TO_NUMBER', mask USING ERRCODE = '0A000';
    END IF;
    RETURN godwit_oracle.to_number(value);
  END IF;
  -- the sign
  IF body ~ '(S|MI)$' THEN
    body := regexp_replace(body, '(S|MI)$', '');
    negative := rest ~ '-$';
    rest := rtrim(regexp_replace(rest, '[-+]$', ''));
  ELSIF body ~ 'PR$' THEN
    body := left(body, -2);
    negative := rest ~ '^<.*>$';
    rest := regexp_replace(rest, '^<(.*)>$', '\1');
  ELSE
    body := regexp_replace(body, '^S', '');
    negative := rest ~ '^-';
    rest := ltrim(regexp_replace(rest, '^[-+]', ''));
  END IF;
  body := replace(body, 'B', '');
  IF body ~ '[$LC]' THEN
    symbol := CASE WHEN body ~ '\$' THEN '$' WHEN body ~ 'L' THEN godwit_oracle.nls_number(nls, 'NLS_CURRENCY', '$') ELSE 'USD' END;
    body := regexp_replace(body, '[$LC]', '');
    IF left(rest, length(symbol)) = symbol THEN
      rest := substr(rest, length(symbol) + 1);
    ELSIF right(rest, length(symbol)) = symbol AND mask ~* '[LC]$' THEN
      rest := left(rest, -length(symbol));
    END IF;
    IF rest ~ '^-' AND NOT negative THEN
      negative := true;
      rest := substr(rest, 2);
    END IF;
  END IF;
  parts := regexp_match(body, '^([09][09,G]*)?(?:([.D])([09]*))?(EEEE)?$');
  ints := coalesce(parts[1], '');
  IF parts IS NULL OR ints || coalesce(parts[3], '') = '' THEN
    RAISE EXCEPTION 'ORA-01481: invalid number format model' USING ERRCODE = '22023', DETAIL = mask;
  ELSIF parts[4] IS NOT NULL THEN
    RETURN godwit_oracle.to_number(rest) * CASE WHEN negative THEN -1 ELSE 1 END;
  END IF;
  -- the digits
  place := position(CASE parts[2] WHEN 'D' THEN left(marks, 1) WHEN '.' THEN '.' ELSE '.' END IN rest);
  whole := CASE WHEN place > 0 THEN left(rest, place - 1) ELSE rest END;
  fraction := CASE WHEN place > 0 THEN substr(rest, place + 1) ELSE '' END;
  FOR i IN REVERSE length(ints)..1 LOOP
    EXIT WHEN whole = '';
    IF substr(ints, i, 1) IN ('0', '9') THEN
      digits := right(whole, 1) || digits;
      whole := left(whole, -1);
    ELSIF right(whole, 1) = (CASE WHEN substr(ints, i, 1) = 'G' THEN substr(marks, 2, 1) ELSE ',' END) THEN
      whole := left(whole, -1);
    END IF;
  END LOOP;
  IF whole <> '' OR digits || fraction !~ '^\d+$' OR place > 0 AND parts[2] IS NULL OR length(fraction) > length(coalesce(parts[3], '')) THEN
    RAISE EXCEPTION 'ORA-01722: invalid number' USING ERRCODE = '22P02', DETAIL = value;
  END IF;
  RETURN (CASE WHEN negative THEN '-' ELSE '' END || '0' || digits || '.' || fraction || '0')::numeric;
END
$$;
