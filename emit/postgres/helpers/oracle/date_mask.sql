-- What a datetime format says (SQL Language Reference, Datetime Format Models), read once for a format that is constant. 1: the same format for PostgreSQL's to_char, empty
-- where it has none, ! for a format that is not recognized. 2: the pattern of texts that have a fixed place for each part, empty where the format has none; 3 to 8: the places
-- of year, month, day, hour, minute and second in it; 9: the element of the year. From 10: the elements in order, each with its suffix TH or SP; quoted text keeps its quotes.
CREATE OR REPLACE FUNCTION godwit_oracle.date_mask(mask text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  list text[] := ARRAY(SELECT m[1] FROM regexp_matches(mask COLLATE "C", '"[^"]*"|FM|FX|(?:SYYYY|YYYY|Y,YYY|IYYY|RRRR|SYEAR|YEAR|YYY|IYY|IY|SCC|CC|RR|YY|Y|IW|I|Q|MONTH|MON|MM|MI|RM|DDD|DD|DAY|DY|DL|DS|D|WW|W|J|HH24|HH12|HH|SSSSS|SS|FF[1-9]?|TS|TZH|TZM|TZR|TZD|EE|E)(?:THSP|SPTH|TH|SP)?|[AP]\.M\.|[AP]M|A\.D\.|B\.C\.|AD|BC|X|.', 'gi') AS m);
  element text COLLATE "C";
  word text COLLATE "C";
  format text COLLATE "C" := '';
  pattern text COLLATE "C" := '';
  places integer[] := '{0,0,0,0,0,0}';
  place integer := 1;
  part integer;
  width integer;
  year text := '';
  fill boolean := true;
BEGIN
  FOREACH element IN ARRAY list LOOP
    word := upper(element);
    IF word ~ '^([A-Z]|")$' AND word !~ '^[YIQDWJEX]$' THEN
      RETURN ARRAY['!', ''];
    END IF;
    IF word = 'FM' THEN
      fill := NOT fill;
    ELSIF word = 'FX' THEN
      NULL;
    ELSIF word ~ '^"' THEN
      format := format || CASE WHEN strpos(element, '\') > 0 THEN NULL ELSE element END;
    ELSIF word !~ '^[A-Z]' THEN
      format := format || CASE WHEN element ~ '[-/,.;: ]' THEN element WHEN element <> '\' THEN '"' || element || '"' END;
    ELSE
      format := format || CASE WHEN fill THEN '' ELSE 'FM' END || CASE
        WHEN word IN ('YYYY', 'YYY', 'YY', 'Y', 'IYYY', 'IYY', 'IY', 'I', 'CC', 'Q', 'MM', 'WW', 'IW', 'W', 'DDD', 'DD', 'HH', 'HH12', 'HH24', 'MI', 'SS', 'FF1', 'FF2', 'FF3', 'FF4', 'FF5', 'FF6') THEN word
        WHEN word = 'RR' THEN 'YY' WHEN word = 'RRRR' THEN 'YYYY' WHEN word = 'FF' THEN 'FF6' WHEN word = 'X' THEN '.' WHEN word = 'J' AND fill THEN 'J'
        WHEN word IN ('DDTH', 'MMTH', 'YYYYTH') THEN left(word, -2) || CASE WHEN element ~ '^[A-Z]{2}' THEN 'TH' ELSE 'th' END
        WHEN word IN ('MONTH', 'MON', 'DAY', 'DY', 'RM') THEN CASE WHEN element ~ '^[a-z]' THEN lower(word) WHEN element ~ '^[A-Z][A-Z]' THEN word WHEN word <> 'RM' THEN initcap(word) END
        WHEN word IN ('AM', 'PM', 'A.M.', 'P.M.') AND element = word THEN word WHEN word IN ('AM', 'PM', 'A.M.', 'P.M.') AND element = lower(word) THEN element END;
    END IF;
    -- the place in texts of a fixed form
    part := CASE word WHEN 'YYYY' THEN 1 WHEN 'RR' THEN 1 WHEN 'YY' THEN 1 WHEN 'MM' THEN 2 WHEN 'MON' THEN 2 WHEN 'DD' THEN 3 WHEN 'HH24' THEN 4 WHEN 'MI' THEN 5 WHEN 'SS' THEN 6 END;
    IF part > 0 AND places[part] > 0 THEN
      pattern := NULL;
    ELSIF part > 0 THEN
      width := CASE word WHEN 'YYYY' THEN 4 WHEN 'MON' THEN 3 ELSE 2 END;
      pattern := pattern || CASE word WHEN 'YYYY' THEN '\d{4}' WHEN 'MON' THEN '[A-Za-z]{3}' WHEN 'MM' THEN '(?:0[1-9]|1[0-2])' WHEN 'DD' THEN '(?:0[1-9]|[12]\d|3[01])' WHEN 'HH24' THEN '(?:[01]\d|2[0-3])'
        WHEN 'RR' THEN '\d\d' WHEN 'YY' THEN '\d\d' ELSE '[0-5]\d' END;
      places[part] := place;
      place := place + width;
      year := CASE WHEN part = 1 THEN word ELSE year END;
    ELSIF word ~ '^[-/,.;: ]$' THEN
      pattern := pattern || '[' || word || ']';
      place := place + 1;
    ELSIF word = '"T"' THEN
      pattern := pattern || 'T';
      place := place + 1;
    ELSE
      pattern := NULL;
    END IF;
  END LOOP;
  IF places[1] = 0 OR places[2] = 0 THEN
    pattern := NULL;
  END IF;
  RETURN ARRAY[coalesce(format, ''), coalesce('^' || pattern || '$', '')] || places::text[] || ARRAY[year] || list;
END
$$;
