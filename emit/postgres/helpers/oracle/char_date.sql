-- A date and time written by a datetime format that date_mask has read (SQL Language Reference, TO_CHAR (datetime) and Datetime Format Models), with English names. zone is
-- the offset from UTC in seconds, NULL for a date without a zone; first_day the first day of the week, 0 for Sunday.
-- needs: spell_number
CREATE OR REPLACE FUNCTION godwit_oracle.char_date(value timestamp, mask text[], first_day integer, zone integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  element text COLLATE "C";
  word text COLLATE "C"; -- the element in upper case without its suffix
  suffix text COLLATE "C";
  part text COLLATE "C";
  result text COLLATE "C" := '';
  fill boolean := true;
  number integer;
  width integer;
  year integer := extract(year FROM value);
  hour integer := extract(hour FROM value);
BEGIN
  IF value IS NULL OR mask IS NULL THEN
    RETURN NULL;
  ELSIF mask[1] = '!' THEN
    RAISE EXCEPTION 'ORA-01821: date format not recognized' USING ERRCODE = '22007';
  ELSIF mask[1] <> '' AND year > 0 THEN
    RETURN pg_catalog.to_char(value, mask[1]);
  END IF;
  FOREACH element IN ARRAY mask[10:] LOOP
    word := upper(element);
    IF word !~ '^[A-Z]' THEN
      result := result || CASE WHEN word ~ '^"' THEN substr(element, 2, length(element) - 2) ELSE element END;
      CONTINUE;
    ELSIF word = 'FM' THEN
      fill := NOT fill;
      CONTINUE;
    ELSIF word = 'FX' THEN
      CONTINUE;
    END IF;
    suffix := substring(word FROM '.(THSP|SPTH|TH|SP)$');
    IF suffix IS NOT NULL AND word <> 'MONTH' THEN
      word := left(word, -length(suffix));
    ELSE
      suffix := NULL;
    END IF;
    part := NULL;
    number := NULL;
    width := 2;
    CASE word
      WHEN 'YYYY', 'RRRR' THEN number := abs(year); width := 4;
      WHEN 'SYYYY' THEN number := abs(year); width := 4;
      WHEN 'YYY' THEN number := abs(year) % 1000; width := 3;
      WHEN 'YY', 'RR' THEN number := abs(year) % 100;
      WHEN 'Y' THEN number := abs(year) % 10; width := 1;
      WHEN 'Y,YYY' THEN part := abs(year) / 1000 || ',' || lpad((abs(year) % 1000)::text, 3, '0');
      WHEN 'IYYY' THEN number := abs(extract(isoyear FROM value)); width := 4;
      WHEN 'IYY' THEN number := abs(extract(isoyear FROM value))::integer % 1000; width := 3;
      WHEN 'IY' THEN number := abs(extract(isoyear FROM value))::integer % 100;
      WHEN 'I' THEN number := abs(extract(isoyear FROM value))::integer % 10; width := 1;
      WHEN 'CC', 'SCC' THEN number := (abs(year) + 99) / 100;
      WHEN 'Q' THEN number := extract(quarter FROM value); width := 1;
      WHEN 'MM' THEN number := extract(month FROM value);
      WHEN 'WW' THEN number := (extract(doy FROM value)::integer + 6) / 7;
      WHEN 'IW' THEN number := extract(week FROM value);
      WHEN 'W' THEN number := (extract(day FROM value)::integer + 6) / 7; width := 1;
      WHEN 'DDD' THEN number := extract(doy FROM value); width := 3;
      WHEN 'DD' THEN number := extract(day FROM value);
      WHEN 'D' THEN number := (extract(dow FROM value)::integer - first_day + 7) % 7 + 1; width := 1;
      WHEN 'J' THEN number := extract(julian FROM date_trunc('day', value)); width := 7;
      WHEN 'HH', 'HH12' THEN number := (hour + 11) % 12 + 1;
      WHEN 'HH24' THEN number := hour;
      WHEN 'MI' THEN number := extract(minute FROM value);
      WHEN 'SS' THEN number := trunc(extract(second FROM value));
      WHEN 'SSSSS' THEN number := trunc(extract(epoch FROM value::time)); width := 5;
      WHEN 'FF', 'FF6' THEN part := pg_catalog.to_char(value, 'US');
      WHEN 'FF1', 'FF2', 'FF3', 'FF4', 'FF5' THEN part := left(pg_catalog.to_char(value, 'US'), right(word, 1)::integer);
      WHEN 'FF7', 'FF8', 'FF9' THEN part := rpad(pg_catalog.to_char(value, 'US'), right(word, 1)::integer, '0');
      WHEN 'X' THEN part := '.';
      WHEN 'MONTH' THEN part := trim(pg_catalog.to_char(value, 'MONTH')); width := 9;
      WHEN 'MON' THEN part := pg_catalog.to_char(value, 'MON'); width := 3;
      WHEN 'DAY' THEN part := trim(pg_catalog.to_char(value, 'DAY')); width := 9;
      WHEN 'DY' THEN part := pg_catalog.to_char(value, 'DY'); width := 3;
      WHEN 'RM' THEN part := trim(pg_catalog.to_char(value, 'RM')); width := 4;
      WHEN 'AM', 'PM' THEN part := CASE WHEN hour < 12 THEN 'AM' ELSE 'PM' END;
      WHEN 'A.M.', 'P.M.' THEN part := CASE WHEN hour < 12 THEN 'A.M.' ELSE 'P.M.' END;
      WHEN 'AD', 'BC' THEN part := CASE WHEN year < 0 THEN 'BC' ELSE 'AD' END;
      WHEN 'A.D.', 'B.C.' THEN part := CASE WHEN year < 0 THEN 'B.C.' ELSE 'A.D.' END;
      WHEN 'YEAR', 'SYEAR' THEN
        IF abs(year) % 1000 < 10 OR abs(year) < 1000 THEN
          part := godwit_oracle.spell_number(abs(year));
        ELSIF abs(year) % 100 = 0 THEN
          part := godwit_oracle.spell_number(abs(year) / 100) || ' HUNDRED';
        ELSIF abs(year) % 100 >= 10 THEN
          part := godwit_oracle.spell_number(abs(year) / 100) || ' ' || godwit_oracle.spell_number(abs(year) % 100);
        ELSE
          RAISE EXCEPTION 'the format element % has no equivalent for the year %', element, year USING ERRCODE = '0A000';
        END IF;
        part := CASE WHEN word = 'YEAR' THEN '' WHEN year < 0 THEN '-' WHEN fill THEN ' ' ELSE '' END || part;
      WHEN 'DL' THEN part := trim(pg_catalog.to_char(value, 'FMDay, ')) || pg_catalog.to_char(value, ' FMMonth DD, YYYY');
      WHEN 'TZH' THEN part := CASE WHEN zone < 0 THEN '-' ELSE '+' END || lpad((abs(zone) / 3600)::text, 2, '0');
      WHEN 'TZM' THEN part := lpad((abs(zone) / 60 % 60)::text, 2, '0');
      ELSE NULL;
    END CASE;
    IF number IS NULL AND part IS NULL THEN
      IF word IN ('TZH', 'TZM') THEN
        RAISE EXCEPTION 'ORA-01821: date format not recognized' USING ERRCODE = '22007', DETAIL = array_to_string(mask[10:], '');
      END IF;
      RAISE EXCEPTION 'the format element % has no equivalent', element USING ERRCODE = '0A000';
    ELSIF number IS NULL AND word NOT IN ('MONTH', 'MON', 'DAY', 'DY', 'RM', 'YEAR', 'SYEAR', 'AM', 'PM', 'A.M.', 'P.M.', 'AD', 'BC', 'A.D.', 'B.C.') THEN
      NULL;
    ELSIF number IS NULL OR suffix ~ 'SP' THEN
      IF number IS NOT NULL THEN
        part := godwit_oracle.spell_number(number, suffix <> 'SP');
      END IF;
      part := CASE WHEN element ~ '^[a-z]' THEN lower(part)
        WHEN element ~ '^[A-Z][^A-Za-z]?[a-z]' THEN initcap(part) ELSE part END;
      IF fill AND number IS NULL AND word IN ('MONTH', 'DAY', 'RM') THEN
        part := rpad(part, width);
      END IF;
    ELSE
      part := CASE WHEN fill THEN lpad(number::text, greatest(width, length(number::text)), '0') ELSE number::text END;
      IF suffix = 'TH' THEN
        part := part || CASE WHEN element ~ '^[A-Z]{2}|^[A-Z]T' THEN upper(CASE WHEN number % 100 BETWEEN 11 AND 13 THEN 'th' WHEN number % 10 = 1 THEN 'st' WHEN number % 10 = 2 THEN 'nd' WHEN number % 10 = 3 THEN 'rd' ELSE 'th' END)
          WHEN number % 100 BETWEEN 11 AND 13 THEN 'th' WHEN number % 10 = 1 THEN 'st' WHEN number % 10 = 2 THEN 'nd' WHEN number % 10 = 3 THEN 'rd' ELSE 'th' END;
      END IF;
      IF word IN ('SYYYY', 'SCC') THEN
        part := CASE WHEN year < 0 THEN '-' WHEN fill THEN ' ' ELSE '' END || part;
      END IF;
    END IF;
    result := result || part;
  END LOOP;
  RETURN nullif(result, '');
END
$$;
