-- A number written by a number format (SQL Language Reference, TO_CHAR (number) and Number Format Models).
-- needs: nls_number, to_text
CREATE OR REPLACE FUNCTION godwit_oracle.char_number(value numeric, mask text, nls text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  body text COLLATE "C" := upper(mask);
  fill boolean := true;
  sign_style text COLLATE "C" := ''; -- S before, s behind, MI, PR
  symbol text := '';                 -- the currency
  blank_zero boolean := false;
  parts text[];
  ints text COLLATE "C";             -- the elements before the point, with group marks
  places text COLLATE "C";           -- without them
  point text := '';
  fractions text COLLATE "C" := '';  -- the elements behind the point
  scientific boolean := false;
  exponent integer := 0;
  shown numeric;
  whole text COLLATE "C";
  fraction text COLLATE "C" := '';
  grouped text COLLATE "C" := '';
  marks text;
  width integer;
  low integer;
BEGIN
  IF value IS NULL OR mask IS NULL THEN
    RETURN NULL;
  ELSIF body ~ '^TM[9E]?$' THEN
    IF body <> 'TME' AND length(trim_scale(abs(value))::text) <= 64 THEN
      RETURN regexp_replace(trim_scale(value)::text, '^(-?)0\.', '\1.');
    END IF;
    exponent := CASE WHEN value = 0 THEN 0 WHEN abs(value) >= 1 THEN length(trunc(abs(value))::text) - 1 ELSE -1 - length(substring(abs(value)::text FROM '^0\.(0*)')) END;
    RETURN CASE WHEN value < 0 THEN '-' ELSE '' END || trim_scale(abs(value) * ('1e' || -exponent)::numeric) || 'E' || CASE WHEN exponent < 0 THEN '-' ELSE '+' END || lpad(abs(exponent)::text, greatest(2, length(abs(exponent)::text)), '0');
  END IF;
  IF body ~ '^FM' THEN
    fill := false;
    body := substr(body, 3);
  END IF;
  IF body = 'RN' THEN
    IF trunc(value) <> value OR value NOT BETWEEN 1 AND 3999 THEN
      RETURN repeat('#', 15);
    END IF;
    whole := CASE WHEN fill THEN pg_catalog.to_char(value, 'RN') ELSE pg_catalog.to_char(value, 'FMRN') END;
    RETURN CASE WHEN mask ~ 'rn' THEN lower(whole) ELSE whole END;
  ELSIF body ~ '^0*X+$' THEN
    IF round(value) < 0 OR round(value) > 9223372036854775807 THEN
      RETURN repeat('#', length(body) + 1);
    END IF;
    whole := to_hex(round(value)::bigint);
    IF length(whole) > length(body) THEN
      RETURN repeat('#', length(body) + 1);
    ELSIF body ~ '^0' THEN
      whole := lpad(whole, length(body), '0');
    END IF;
    IF mask ~ 'X' THEN
      whole := upper(whole);
    END IF;
    RETURN CASE WHEN fill THEN lpad(whole, length(body) + 1) ELSE whole END;
  END IF;
  -- what stands before and behind the digits
  IF body ~ '^S' THEN
    sign_style := 'S';
    body := substr(body, 2);
  ELSIF body ~ '(S|MI|PR)$' THEN
    sign_style := CASE WHEN body ~ 'S$' THEN 's' ELSE right(body, 2) END;
    body := regexp_replace(body, '(S|MI|PR)$', '');
  END IF;
  width := CASE WHEN sign_style = 'PR' THEN 2 ELSE 1 END;
  IF body ~ '^[^B]*B[^B]*$' THEN
    blank_zero := true;
    body := replace(body, 'B', '');
  END IF;
  IF body ~ '^[^$]*\$[^$]*$' THEN
    symbol := '$';
    body := replace(body, '$', '');
    width := width + 1;
  ELSIF body ~ '^L' THEN
    symbol := godwit_oracle.nls_number(nls, 'NLS_CURRENCY', '$');
    body := substr(body, 2);
    width := width + 10;
  ELSIF body ~ '^C' THEN
    symbol := CASE upper(godwit_oracle.nls_number(nls, 'NLS_ISO_CURRENCY', 'AMERICA')) WHEN 'AMERICA' THEN 'USD' END;
    body := substr(body, 2);
    width := width + 7;
  END IF;
  IF body ~ '[LCU]' OR symbol IS NULL THEN
    RAISE EXCEPTION 'the number format % has no equivalent', mask USING ERRCODE = '0A000';
  END IF;
  parts := regexp_match(body, '^([09][09,G]*)?(?:([.D])([09]*)|V([09]+))?(EEEE)?$');
  ints := coalesce(parts[1], '') || coalesce(parts[4], '');
  fractions := coalesce(parts[3], '');
  IF parts IS NULL OR ints || fractions = '' THEN
    RAISE EXCEPTION 'ORA-01481: invalid number format model' USING ERRCODE = '22023', DETAIL = mask;
  END IF;
  marks := godwit_oracle.nls_number(nls, 'NLS_NUMERIC_CHARACTERS', '.,');
  point := CASE parts[2] WHEN '.' THEN '.' WHEN 'D' THEN left(marks, 1) ELSE '' END;
  scientific := parts[5] IS NOT NULL;
  places := regexp_replace(ints, '[,G]', '', 'g');
  -- the digits
  shown := abs(value);
  IF parts[4] IS NOT NULL THEN
    shown := shown * 10::numeric ^ length(parts[4]);
  END IF;
  IF scientific THEN
    IF shown <> 0 THEN
      exponent := CASE WHEN shown >= 1 THEN length(trunc(shown)::text) - 1 ELSE -1 - length(substring(shown::text FROM '^0\.(0*)')) END;
      shown := shown * ('1e' || -exponent)::numeric;
      IF round(shown, length(fractions)) >= 10 THEN
        exponent := exponent + 1;
        shown := shown * 0.1;
      END IF;
    END IF;
    ints := '0';
    places := '0';
    width := width + 5;
  END IF;
  shown := round(shown, length(fractions));
  whole := trunc(shown)::text;
  fraction := CASE WHEN fractions = '' THEN '' ELSE substr(shown::text, length(whole) + 2) END;
  IF whole = '0' THEN
    whole := '';
  END IF;
  width := width + length(ints) + length(point) + length(fractions);
  IF length(whole) > length(places) THEN
    RETURN repeat('#', width);
  ELSIF blank_zero AND shown = 0 THEN
    RETURN CASE WHEN fill THEN repeat(' ', width) END;
  END IF;
  low := CASE WHEN position('0' IN places) > 0 AND NOT (blank_zero AND whole = '') THEN length(places) - position('0' IN places) + 1
    WHEN fractions = '' THEN 1 ELSE 0 END;
  whole := lpad(whole, greatest(low, length(whole)), '0');
  IF places = ints THEN
    grouped := whole;
  ELSE
    FOR i IN REVERSE length(ints)..1 LOOP
      EXIT WHEN whole = '';
      IF substr(ints, i, 1) IN ('0', '9') THEN
        grouped := right(whole, 1) || grouped;
        whole := left(whole, -1);
      ELSE
        grouped := CASE WHEN substr(ints, i, 1) = 'G' THEN substr(marks, 2, 1) ELSE ',' END || grouped;
      END IF;
    END LOOP;
  END IF;
  IF NOT fill THEN
    fraction := left(fraction, greatest(length(rtrim(fraction, '0')), length(fractions) - position('0' IN reverse(fractions)) + CASE WHEN fractions ~ '0' THEN 1 ELSE -length(fractions) END));
  END IF;
  IF NOT fill AND point <> '' AND grouped || fraction = '' THEN
    grouped := '0';
  END IF;
  grouped := symbol || grouped || point || fraction
    || CASE WHEN scientific THEN 'E' || CASE WHEN exponent < 0 THEN '-' ELSE '+' END || lpad(abs(exponent)::text, greatest(2, length(abs(exponent)::text)), '0') ELSE '' END;
  grouped := CASE sign_style
    WHEN 'S' THEN CASE WHEN value < 0 THEN '-' ELSE '+' END || grouped
    WHEN 's' THEN grouped || CASE WHEN value < 0 THEN '-' ELSE '+' END
    WHEN 'MI' THEN grouped || CASE WHEN value < 0 THEN '-' WHEN fill THEN ' ' ELSE '' END
    WHEN 'PR' THEN CASE WHEN value < 0 THEN '<' || grouped || '>' WHEN fill THEN ' ' || grouped || ' ' ELSE grouped END
    ELSE CASE WHEN value < 0 THEN '-' WHEN fill THEN ' ' ELSE '' END || grouped END;
  RETURN CASE WHEN fill THEN lpad(grouped, width) ELSE nullif(grouped, '') END;
END
$$;
