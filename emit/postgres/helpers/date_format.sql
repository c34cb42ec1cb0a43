-- A date and time written by a format of MySQL's % parts, with English names.
-- needs: week_parts
CREATE OR REPLACE FUNCTION godwit_mysql.date_format(moment timestamp, format text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result text COLLATE "C" := '';
  rest text COLLATE "C" := format;
  place integer;
  c text COLLATE "C";
  d integer := extract(day FROM moment);
BEGIN
  LOOP
    place := strpos(rest COLLATE "C", '%');
    IF place = 0 THEN
      RETURN result || rest;
    END IF;
    result := result || left(rest, place - 1);
    c := substr(rest, place + 1, 1);
    rest := substr(rest, place + 2);
    result := result || CASE c COLLATE "C"
      WHEN 'a' THEN to_char(moment, 'Dy') WHEN 'b' THEN to_char(moment, 'Mon') WHEN 'c' THEN to_char(moment, 'FMMM')
      WHEN 'D' THEN d || CASE WHEN d BETWEEN 11 AND 13 THEN 'th' WHEN d % 10 = 1 THEN 'st' WHEN d % 10 = 2 THEN 'nd' WHEN d % 10 = 3 THEN 'rd' ELSE 'th' END
      WHEN 'd' THEN to_char(moment, 'DD') WHEN 'e' THEN to_char(moment, 'FMDD') WHEN 'f' THEN to_char(moment, 'US')
      WHEN 'H' THEN to_char(moment, 'HH24') WHEN 'h' THEN to_char(moment, 'HH12') WHEN 'I' THEN to_char(moment, 'HH12')
      WHEN 'i' THEN to_char(moment, 'MI') WHEN 'j' THEN to_char(moment, 'DDD') WHEN 'k' THEN to_char(moment, 'FMHH24')
      WHEN 'l' THEN to_char(moment, 'FMHH12') WHEN 'M' THEN to_char(moment, 'FMMonth') WHEN 'm' THEN to_char(moment, 'MM')
      WHEN 'p' THEN to_char(moment, 'AM') WHEN 'r' THEN to_char(moment, 'HH12:MI:SS AM')
      WHEN 'S' THEN to_char(moment, 'SS') WHEN 's' THEN to_char(moment, 'SS') WHEN 'T' THEN to_char(moment, 'HH24:MI:SS')
      WHEN 'U' THEN (SELECT to_char(w, 'FM00') FROM godwit_mysql.week_parts(moment::date, 0))
      WHEN 'u' THEN (SELECT to_char(w, 'FM00') FROM godwit_mysql.week_parts(moment::date, 1))
      WHEN 'V' THEN (SELECT to_char(w, 'FM00') FROM godwit_mysql.week_parts(moment::date, 2))
      WHEN 'v' THEN to_char(moment, 'IW')
      WHEN 'W' THEN to_char(moment, 'FMDay') WHEN 'w' THEN extract(dow FROM moment)::text
      WHEN 'X' THEN (SELECT to_char(y, 'FM0000') FROM godwit_mysql.week_parts(moment::date, 2))
      WHEN 'x' THEN to_char(moment, 'IYYY')
      WHEN 'Y' THEN to_char(moment, 'YYYY') WHEN 'y' THEN to_char(moment, 'YY')
      WHEN '' THEN '%' ELSE c END;
  END LOOP;
END
$$;
