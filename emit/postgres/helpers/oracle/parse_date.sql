-- Text read by a datetime format that date_mask has read (SQL Language Reference, TO_DATE, Datetime Format Models, String-to-Date Conversion Rules): the moment as told, and the zone where
-- one is named. What the format lacks comes from the first day of this month. Without FX, punctuation and leading zeros may differ, time fields at the end may be missing, and
-- a month may stand as number or name.
CREATE OR REPLACE FUNCTION godwit_oracle.parse_date(value text, elements text[], OUT moment timestamp, OUT zone text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  rest text COLLATE "C" := value;
  word text COLLATE "C";
  next text COLLATE "C";
  got text COLLATE "C";
  given text[] := '{}'; -- the elements seen so far
  exact boolean := false;
  fill boolean := true;
  today timestamp := clock_timestamp()::timestamp;
  number integer;
  width integer;
  year integer;
  month integer;
  day integer;
  doy integer;
  julian integer;
  hour integer;
  minute integer;
  second integer;
  seconds integer; -- of the day
  fraction text COLLATE "C";
  noon text COLLATE "C";
  era text COLLATE "C";
  name text COLLATE "C"; -- of the day of the week
  negative boolean := false;
  half boolean := false; -- an hour of twelve
  zone_hour text;
  zone_minute text;
  months constant text[] := '{JANUARY,FEBRUARY,MARCH,APRIL,MAY,JUNE,JULY,AUGUST,SEPTEMBER,OCTOBER,NOVEMBER,DECEMBER}';
BEGIN
  IF elements[1] = '!' THEN
    RAISE EXCEPTION 'ORA-01821: date format not recognized' USING ERRCODE = '22007';
  ELSIF elements[2] <> '' AND rest ~ elements[2] THEN -- each part in its place
    year := substr(rest, elements[3]::integer, CASE elements[9] WHEN 'YYYY' THEN 4 ELSE 2 END);
    got := substr(rest, elements[4]::integer, 3);
    month := CASE WHEN got ~ '^[A-Za-z]' THEN (strpos('  JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC', ' ' || upper(got)) + 2) / 4 ELSE left(got, 2)::integer END;
    day := CASE WHEN elements[5] = '0' THEN 1 ELSE substr(rest, elements[5]::integer, 2)::integer END;
    IF elements[9] <> 'YYYY' THEN
      year := year + extract(year FROM today)::integer / 100 * 100
        + CASE WHEN elements[9] = 'YY' THEN 0 WHEN year < 50 AND extract(year FROM today)::integer % 100 >= 50 THEN 100 WHEN year >= 50 AND extract(year FROM today)::integer % 100 < 50 THEN -100 ELSE 0 END;
    END IF;
    IF year > 0 AND month > 0 THEN
      moment := make_timestamp(year, month, 1, CASE WHEN elements[6] = '0' THEN 0 ELSE substr(rest, elements[6]::integer, 2)::integer END,
        CASE WHEN elements[7] = '0' THEN 0 ELSE substr(rest, elements[7]::integer, 2)::integer END, CASE WHEN elements[8] = '0' THEN 0 ELSE substr(rest, elements[8]::integer, 2)::double precision END) + make_interval(days => day - 1);
      IF extract(day FROM moment) = day THEN
        RETURN;
      END IF;
    END IF;
    year := NULL;
    month := NULL;
    day := NULL;
  END IF;
  FOR i IN 10..cardinality(elements) LOOP
    word := upper(elements[i]);
    IF word = 'FM' THEN
      fill := NOT fill;
      CONTINUE;
    ELSIF word = 'FX' THEN
      exact := NOT exact;
      CONTINUE;
    ELSIF NOT exact THEN
      rest := ltrim(rest, ' ');
    END IF;
    IF word ~ '^"' THEN
      got := substr(elements[i], 2, length(word) - 2);
      IF rest = '' THEN
        CONTINUE;
      ELSIF left(rest, length(got)) <> got AND NOT (NOT exact AND trim(got) = '') THEN
        RAISE EXCEPTION 'ORA-01861: literal does not match format string' USING ERRCODE = '22007', DETAIL = value;
      END IF;
      rest := substr(rest, length(got) + 1);
      CONTINUE;
    ELSIF word !~ '^[A-Z]' OR word = 'X' THEN
      IF exact AND left(rest, 1) <> (CASE word WHEN 'X' THEN '.' ELSE word END) THEN
        RAISE EXCEPTION 'ORA-01861: literal does not match format string' USING ERRCODE = '22007', DETAIL = value;
      ELSIF rest ~ '^[^A-Za-z0-9]' AND NOT (rest ~ '^[-+]' AND word = ' ' AND upper(elements[i + 1]) IN ('TZH', 'SYYYY', 'TZR')) THEN
        rest := substr(rest, 2);
      END IF;
      CONTINUE;
    END IF;
    IF word = ANY (given) THEN
      RAISE EXCEPTION 'ORA-01810: format code appears twice' USING ERRCODE = '22007', DETAIL = array_to_string(elements[10:], '');
    END IF;
    given := given || word;
    IF word IN ('YEAR', 'SYEAR', 'CC', 'SCC', 'IYYY', 'IYY', 'IY', 'I', 'Q', 'WW', 'IW', 'W') OR word ~ '.(TH|SP)$' AND word <> 'MONTH' THEN
      RAISE EXCEPTION 'ORA-01820: format code cannot appear in date input format' USING ERRCODE = '22007', DETAIL = array_to_string(elements[10:], '');
    ELSIF word IN ('D', 'DL', 'DS', 'TS', 'TZD', 'E', 'EE') THEN
      RAISE EXCEPTION 'the format element % has no equivalent', word USING ERRCODE = '0A000';
    END IF;
    IF rest = '' THEN
      IF word ~ '^(HH|MI|SS|FF|AM|PM|A\.M|P\.M|TZ)' THEN
        CONTINUE; -- time fields at the end may be missing
      END IF;
      RAISE EXCEPTION 'ORA-01840: input value not long enough for date format' USING ERRCODE = '22007', DETAIL = value;
    END IF;
    IF word IN ('MONTH', 'MON') OR word = 'MM' AND NOT exact AND rest ~ '^[A-Za-z]' THEN
      IF word <> 'MM' AND NOT exact AND rest ~ '^\d' THEN
        word := 'MM';
      ELSE
        got := upper(substring(rest FROM '^[A-Za-z]+'));
        number := NULL;
        FOR m IN 1..12 LOOP
          IF left(got, length(months[m])) = months[m] AND (NOT exact OR word = 'MONTH') THEN
            number := m;
            rest := substr(rest, length(months[m]) + 1);
            EXIT;
          ELSIF left(got, 3) = left(months[m], 3) AND (NOT exact OR word = 'MON') THEN
            number := m;
            rest := substr(rest, 4);
            EXIT;
          END IF;
        END LOOP;
        IF number IS NULL THEN
          RAISE EXCEPTION 'ORA-01843: not a valid month' USING ERRCODE = '22007', DETAIL = value;
        END IF;
        month := number;
        CONTINUE;
      END IF;
    END IF;
    CASE word
      WHEN 'RM' THEN
        got := upper(substring(rest FROM '^[IVXivx]+'));
        month := array_position('{I,II,III,IV,V,VI,VII,VIII,IX,X,XI,XII}', got);
        IF month IS NULL THEN
          RAISE EXCEPTION 'ORA-01843: not a valid month' USING ERRCODE = '22007', DETAIL = value;
        END IF;
        rest := substr(rest, length(got) + 1);
        CONTINUE;
      WHEN 'DAY', 'DY' THEN
        got := upper(substring(rest FROM '(?i)^(SUNDAY|MONDAY|TUESDAY|WEDNESDAY|THURSDAY|FRIDAY|SATURDAY|SUN|MON|TUE|WED|THU|FRI|SAT)'));
        IF got IS NULL THEN
          RAISE EXCEPTION 'ORA-01846: not a valid day of the week' USING ERRCODE = '22007', DETAIL = value;
        END IF;
        name := left(got, 3);
        rest := substr(rest, length(got) + 1);
        CONTINUE;
      WHEN 'AM', 'PM', 'A.M.', 'P.M.' THEN
        got := substring(rest FROM '(?i)^(?:AM|PM|A\.M\.|P\.M\.)');
        IF got IS NULL OR exact AND length(got) <> length(word) THEN
          RAISE EXCEPTION 'ORA-01855: AM/A.M. or PM/P.M. required' USING ERRCODE = '22007', DETAIL = value;
        END IF;
        noon := upper(left(got, 1));
        rest := substr(rest, length(got) + 1);
        CONTINUE;
      WHEN 'AD', 'BC', 'A.D.', 'B.C.' THEN
        got := substring(rest FROM '(?i)^(?:AD|BC|A\.D\.|B\.C\.)');
        IF got IS NULL THEN
          RAISE EXCEPTION 'ORA-01856: BC/B.C. or AD/A.D. required' USING ERRCODE = '22007', DETAIL = value;
        END IF;
        era := upper(left(got, 1));
        rest := substr(rest, length(got) + 1);
        CONTINUE;
      WHEN 'TZR' THEN
        zone := substring(rest FROM '^[-+]?\d+:\d+|^[A-Za-z_]+(?:/[-+A-Za-z_0-9]+)*');
        IF zone IS NULL THEN
          RAISE EXCEPTION 'ORA-01882: timezone region not found' USING ERRCODE = '22007', DETAIL = value;
        END IF;
        rest := substr(rest, length(zone) + 1);
        CONTINUE;
      WHEN 'TZH' THEN
        zone_hour := substring(rest FROM '^[-+]?\d{1,2}');
        IF zone_hour IS NULL OR abs(zone_hour::integer) > 14 THEN
          RAISE EXCEPTION 'ORA-01874: time zone hour must be between -15 and 15' USING ERRCODE = '22008', DETAIL = value;
        END IF;
        rest := substr(rest, length(zone_hour) + 1);
        CONTINUE;
      WHEN 'TZM' THEN
        zone_minute := substring(rest FROM '^\d{1,2}');
        IF zone_minute IS NULL OR zone_minute::integer > 59 THEN
          RAISE EXCEPTION 'ORA-01875: time zone minute must be between -59 and 59' USING ERRCODE = '22008', DETAIL = value;
        END IF;
        rest := substr(rest, length(zone_minute) + 1);
        CONTINUE;
      WHEN 'FF', 'FF1', 'FF2', 'FF3', 'FF4', 'FF5', 'FF6', 'FF7', 'FF8', 'FF9' THEN
        width := CASE WHEN word = 'FF' THEN 9 ELSE right(word, 1)::integer END;
        fraction := substring(rest FROM '^\d{1,9}');
        IF fraction IS NULL THEN
          RAISE EXCEPTION 'ORA-01858: a non-numeric character was found where a numeric was expected' USING ERRCODE = '22007', DETAIL = value;
        END IF;
        fraction := left(fraction, width);
        rest := substr(rest, length(fraction) + 1);
        CONTINUE;
      WHEN 'Y,YYY' THEN
        got := substring(rest FROM '^\d,?\d{3}');
        rest := substr(rest, length(coalesce(got, '')) + 1);
        got := replace(got, ',', '');
      ELSE
        width := CASE word WHEN 'YYYY' THEN 4 WHEN 'RRRR' THEN 4 WHEN 'SYYYY' THEN 4 WHEN 'YYY' THEN 3 WHEN 'Y' THEN 1 WHEN 'DDD' THEN 3 WHEN 'J' THEN 7 WHEN 'SSSSS' THEN 5 ELSE 2 END;
        IF word = 'SYYYY' AND rest ~ '^[-+]' THEN
          negative := rest ~ '^-';
          rest := substr(rest, 2);
        END IF;
        got := substring(rest FROM '^\d{1,' || width || '}');
        IF word IN ('YY', 'RR') AND NOT exact AND rest ~ '^\d{4}(\D|$)' AND coalesce(upper(elements[i + 1]) !~ '^([A-Z]|FM)', true) THEN
          got := left(rest, 4);
        END IF;
        IF exact AND fill AND length(got) < width THEN
          RAISE EXCEPTION 'ORA-01862: the numeric value does not match the length of the format item' USING ERRCODE = '22007', DETAIL = value;
        END IF;
        rest := substr(rest, length(coalesce(got, '')) + 1);
    END CASE;
    IF got IS NULL THEN
      RAISE EXCEPTION 'ORA-01858: a non-numeric character was found where a numeric was expected' USING ERRCODE = '22007', DETAIL = value;
    END IF;
    number := got::integer;
    CASE word
      WHEN 'YYYY', 'SYYYY', 'Y,YYY', 'RRRR', 'RR', 'YY', 'YYY', 'Y' THEN
        IF year IS NOT NULL THEN
          RAISE EXCEPTION 'ORA-01812: year may only be specified once' USING ERRCODE = '22007', DETAIL = array_to_string(elements[10:], '');
        END IF;
        year := CASE
          WHEN word IN ('RR', 'RRRR') AND length(got) <= 2 THEN number + (extract(year FROM today)::integer / 100
            + CASE WHEN number < 50 AND extract(year FROM today)::integer % 100 >= 50 THEN 1 WHEN number >= 50 AND extract(year FROM today)::integer % 100 < 50 THEN -1 ELSE 0 END) * 100
          WHEN word IN ('YY', 'YYY', 'Y') AND length(got) <= length(word) THEN number + extract(year FROM today)::integer / (10 ^ length(word))::integer * (10 ^ length(word))::integer
          ELSE number END;
      WHEN 'MM' THEN month := number;
      WHEN 'DD' THEN day := number;
      WHEN 'DDD' THEN doy := number;
      WHEN 'J' THEN julian := number;
      WHEN 'HH', 'HH12' THEN hour := number; half := true;
      WHEN 'HH24' THEN hour := number;
      WHEN 'MI' THEN minute := number;
      WHEN 'SS' THEN second := number;
      WHEN 'SSSSS' THEN seconds := number;
    END CASE;
  END LOOP;
  IF NOT exact THEN
    rest := rtrim(rest, ' ');
  END IF;
  IF rest <> '' THEN
    RAISE EXCEPTION 'ORA-01830: date format picture ends before converting entire input string' USING ERRCODE = '22007', DETAIL = value;
  END IF;
  -- the time of day
  IF half AND 'HH24' = ANY (given) OR NOT half AND hour IS NOT NULL AND noon IS NOT NULL THEN
    RAISE EXCEPTION 'ORA-01818: ''HH24'' precludes use of meridian indicator' USING ERRCODE = '22007', DETAIL = array_to_string(elements[10:], '');
  ELSIF half AND hour NOT BETWEEN 1 AND 12 THEN
    RAISE EXCEPTION 'ORA-01849: hour must be between 1 and 12' USING ERRCODE = '22008', DETAIL = value;
  ELSIF hour > 23 THEN
    RAISE EXCEPTION 'ORA-01850: hour must be between 0 and 23' USING ERRCODE = '22008', DETAIL = value;
  ELSIF minute > 59 THEN
    RAISE EXCEPTION 'ORA-01851: minutes must be between 0 and 59' USING ERRCODE = '22008', DETAIL = value;
  ELSIF second > 59 THEN
    RAISE EXCEPTION 'ORA-01852: seconds must be between 0 and 59' USING ERRCODE = '22008', DETAIL = value;
  ELSIF seconds > 86399 THEN
    RAISE EXCEPTION 'ORA-01853: seconds in day must be between 0 and 86399' USING ERRCODE = '22008', DETAIL = value;
  END IF;
  IF half THEN
    hour := hour % 12 + CASE WHEN noon = 'P' THEN 12 ELSE 0 END;
  END IF;
  IF seconds IS NULL THEN
    seconds := coalesce(hour, 0) * 3600 + coalesce(minute, 0) * 60 + coalesce(second, 0);
  ELSIF hour <> seconds / 3600 OR minute <> seconds / 60 % 60 OR second <> seconds % 60 THEN
    RAISE EXCEPTION 'ORA-01836: hour conflicts with seconds in day' USING ERRCODE = '22008', DETAIL = value;
  END IF;
  -- the day
  IF julian NOT BETWEEN 1 AND 5373484 THEN
    RAISE EXCEPTION 'ORA-01854: julian date must be between 1 and 5373484' USING ERRCODE = '22008', DETAIL = value;
  ELSIF julian IS NOT NULL THEN
    moment := timestamp '2000-01-01' + make_interval(days => julian - 2451545);
    IF year <> extract(year FROM moment) OR month <> extract(month FROM moment) OR day <> extract(day FROM moment) THEN
      RAISE EXCEPTION 'ORA-01834: day of month conflicts with Julian date' USING ERRCODE = '22008', DETAIL = value;
    END IF;
  ELSE
    year := coalesce(year, extract(year FROM today)::integer);
    IF year = 0 THEN
      RAISE EXCEPTION 'ORA-01841: (full) year must be between -4713 and +9999, and not be 0' USING ERRCODE = '22008', DETAIL = value;
    ELSIF negative OR era = 'B' THEN
      year := -year;
    END IF;
    IF month NOT BETWEEN 1 AND 12 THEN
      RAISE EXCEPTION 'ORA-01843: not a valid month' USING ERRCODE = '22007', DETAIL = value;
    ELSIF day NOT BETWEEN 1 AND 31 THEN
      RAISE EXCEPTION 'ORA-01847: day of month must be between 1 and last day of month' USING ERRCODE = '22008', DETAIL = value;
    ELSIF doy NOT BETWEEN 1 AND 366 OR doy = 366 AND extract(doy FROM make_timestamp(year, 12, 31, 0, 0, 0)) = 365 THEN
      RAISE EXCEPTION 'ORA-01848: day of year must be between 1 and 365 (366 for leap year)' USING ERRCODE = '22008', DETAIL = value;
    ELSIF doy IS NOT NULL THEN
      moment := make_timestamp(year, 1, 1, 0, 0, 0) + make_interval(days => doy - 1);
      IF month <> extract(month FROM moment) OR day <> extract(day FROM moment) THEN
        RAISE EXCEPTION 'ORA-01836: day of year conflicts with the date' USING ERRCODE = '22008', DETAIL = value;
      END IF;
    ELSE
      moment := make_timestamp(year, coalesce(month, extract(month FROM today)::integer), 1, 0, 0, 0) + make_interval(days => coalesce(day, 1) - 1);
      IF extract(day FROM moment) <> day THEN
        RAISE EXCEPTION 'ORA-01839: date not valid for month specified' USING ERRCODE = '22008', DETAIL = value;
      END IF;
    END IF;
  END IF;
  IF name <> pg_catalog.to_char(moment, 'DY') THEN
    RAISE EXCEPTION 'ORA-01835: day of week conflicts with Julian date' USING ERRCODE = '22008', DETAIL = value;
  END IF;
  moment := moment + make_interval(secs => seconds) + coalesce(('0.' || fraction || ' seconds')::interval, interval '0');
  zone := coalesce(zone, CASE WHEN zone_hour ~ '^-' THEN '-' ELSE '+' END || lpad(ltrim(zone_hour, '+-'), 2, '0') || ':' || lpad(coalesce(zone_minute, '00'), 2, '0'));
END
$$;
