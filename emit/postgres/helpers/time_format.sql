-- A duration written by a format of MySQL's % parts of the time.
CREATE OR REPLACE FUNCTION godwit_mysql.time_format(span interval, format text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  s numeric := abs(extract(epoch FROM span));
  h integer := div(s, 3600);
  m integer := div(s, 60) % 60;
  sec integer := trunc(s % 60);
  result text COLLATE "C" := CASE WHEN span < interval '0' THEN '-' ELSE '' END;
  rest text COLLATE "C" := format;
  place integer;
  c text COLLATE "C";
  h12 integer := (h % 24 + 11) % 12 + 1;
  half text COLLATE "C" := CASE WHEN h % 24 < 12 THEN 'AM' ELSE 'PM' END;
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
      WHEN 'f' THEN to_char(trunc(s % 1 * 1000000), 'FM000000')
      WHEN 'H' THEN to_char(h, 'FM9900') WHEN 'k' THEN h::text WHEN 'h' THEN to_char(h12, 'FM00') WHEN 'I' THEN to_char(h12, 'FM00') WHEN 'l' THEN h12::text
      WHEN 'i' THEN to_char(m, 'FM00') WHEN 'S' THEN to_char(sec, 'FM00') WHEN 's' THEN to_char(sec, 'FM00') WHEN 'p' THEN half
      WHEN 'r' THEN to_char(h12, 'FM00') || to_char(m, 'FM":"00') || to_char(sec, 'FM":"00') || ' ' || half
      WHEN 'T' THEN to_char(h, 'FM9900') || to_char(m, 'FM":"00') || to_char(sec, 'FM":"00')
      WHEN '%' THEN '%' WHEN '' THEN '%' ELSE NULL END;
  END LOOP;
END
$$;
