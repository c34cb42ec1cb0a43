-- The elements of a datetime format in order, each with its suffix TH or SP; quoted text keeps its quotes, other text is an error
-- (SQL Language Reference, Datetime Format Models).
CREATE OR REPLACE FUNCTION godwit_oracle.date_mask(mask text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  list text[] := ARRAY(SELECT m[1] FROM regexp_matches(mask COLLATE "C", '("[^"]*"|FM|FX|(?:SYYYY|YYYY|Y,YYY|IYYY|RRRR|SYEAR|YEAR|YYY|IYY|IY|SCC|CC|RR|YY|Y|IW|I|Q|MONTH|MON|MM|MI|RM|DDD|DD|DAY|DY|DL|DS|D|WW|W|J|HH24|HH12|HH|SSSSS|SS|FF[1-9]?|TS|TZH|TZM|TZR|TZD|EE|E)(?:THSP|SPTH|TH|SP)?|[AP]\.M\.|[AP]M|A\.D\.|B\.C\.|AD|BC|X|.)', 'gi') AS m);
  unknown text;
BEGIN
  SELECT e INTO unknown FROM unnest(list) AS e WHERE e ~ '^([[:alpha:]]|")$' AND e !~* '^[YIQDWJEX]$' LIMIT 1;
  IF unknown IS NOT NULL THEN
    RAISE EXCEPTION 'ORA-01821: date format not recognized' USING ERRCODE = '22007', DETAIL = mask;
  END IF;
  RETURN list;
END
$$;
