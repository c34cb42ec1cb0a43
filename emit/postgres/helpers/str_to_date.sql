-- A text read by a format of MySQL's % parts; NULL when it does not fit. Parts of the date that are missing make it NULL; those of the time are 0.
CREATE OR REPLACE FUNCTION godwit_mysql.str_to_date(value text, format text) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  v text COLLATE "C" := value COLLATE "C";
  f text COLLATE "C" := format COLLATE "C";
  c text COLLATE "C";
  m text[] COLLATE "C";
  y integer;
  mo integer;
  d integer;
  doy integer;
  h integer := 0;
  mi integer := 0;
  s integer := 0;
  us text COLLATE "C" := '0';
  half text COLLATE "C";
  twelve boolean := false;
  months constant text[] COLLATE "C" := ARRAY['january','february','march','april','may','june','july','august','september','october','november','december'];
  pattern text COLLATE "C";
BEGIN
  f := replace(replace(f, '%r', '%I:%i:%S %p'), '%T', '%H:%i:%S');
  WHILE f <> '' LOOP
    v := CASE WHEN left(f, 2) <> '%' THEN ltrim(v, E' \t\n') ELSE v END;
    c := left(f, 1);
    IF c ~ '\s' THEN
      f := substr(f, 2);
      CONTINUE;
    ELSIF c <> '%' THEN
      IF left(v, 1) <> c THEN
        RETURN NULL;
      END IF;
      v := substr(v, 2);
      f := substr(f, 2);
      CONTINUE;
    END IF;
    c := substr(f, 2, 1);
    f := substr(f, 3);
    pattern := CASE WHEN c = 'Y' THEN '^[-+]?\d{1,4}' WHEN c = 'y' THEN '^\d{1,2}' WHEN c IN ('m', 'c', 'd', 'e', 'H', 'k', 'h', 'I', 'l', 'i', 'S', 's') THEN '^\d{1,2}'
      WHEN c = 'D' THEN '^\d{1,2}[A-Za-z]{2}' WHEN c = 'j' THEN '^\d{1,3}' WHEN c = 'f' THEN '^\d{1,6}' WHEN c = 'p' THEN '^[AaPp][Mm]'
      WHEN c IN ('M', 'b', 'W', 'a') THEN '^[A-Za-z]+' WHEN c = '%' THEN '^%' WHEN c = 'w' THEN '^[0-6]' END;
    IF pattern IS NULL THEN
      RETURN NULL;
    END IF;
    m := regexp_match(v, pattern);
    IF m IS NULL THEN
      RETURN NULL;
    END IF;
    v := substr(v, char_length(m[1]) + 1);
    CASE c
      WHEN 'Y' THEN
        y := m[1]::integer;
        IF char_length(m[1]) <= 2 THEN y := y + CASE WHEN y < 70 THEN 2000 ELSE 1900 END; END IF;
      WHEN 'y' THEN y := m[1]::integer + CASE WHEN m[1]::integer < 70 THEN 2000 ELSE 1900 END;
      WHEN 'm', 'c' THEN mo := m[1]::integer;
      WHEN 'd', 'e' THEN d := m[1]::integer;
      WHEN 'D' THEN d := left(m[1], -2)::integer;
      WHEN 'j' THEN doy := m[1]::integer;
      WHEN 'M' THEN
        SELECT CASE count(*) WHEN 1 THEN min(i) END INTO mo FROM unnest(months) WITH ORDINALITY AS t(n, i) WHERE starts_with(n, lower(m[1]));
        IF mo IS NULL THEN RETURN NULL; END IF;
      WHEN 'b' THEN
        SELECT i INTO mo FROM unnest(months) WITH ORDINALITY AS t(n, i) WHERE left(n, 3) = lower(left(m[1], 3));
        v := substr(m[1], 4) || v;
        IF mo IS NULL THEN RETURN NULL; END IF;
      WHEN 'H', 'k' THEN h := m[1]::integer;
      WHEN 'h', 'I', 'l' THEN h := m[1]::integer; twelve := true;
      WHEN 'i' THEN mi := m[1]::integer;
      WHEN 'S', 's' THEN s := m[1]::integer;
      WHEN 'f' THEN us := rpad(m[1], 6, '0');
      WHEN 'p' THEN half := lower(m[1]);
      ELSE NULL;
    END CASE;
  END LOOP;
  IF half IS NOT NULL OR twelve THEN
    IF h NOT BETWEEN 1 AND 12 THEN
      RETURN NULL;
    END IF;
    h := h % 12 + CASE WHEN half = 'pm' THEN 12 ELSE 0 END;
  END IF;
  IF doy IS NOT NULL AND y IS NOT NULL AND mo IS NULL THEN
    IF doy NOT BETWEEN 1 AND 366 THEN RETURN NULL; END IF;
    mo := extract(month FROM make_date(y, 1, 1) + (doy - 1));
    d := extract(day FROM make_date(y, 1, 1) + (doy - 1));
  END IF;
  IF h > 23 OR mi > 59 OR s > 59 THEN
    RETURN NULL;
  ELSIF y IS NULL AND mo IS NULL AND d IS NULL THEN
    y := 2000; mo := 1; d := 1;
  END IF;
  RETURN make_timestamp(y, mo, d, h, mi, (s || '.' || us)::double precision);
EXCEPTION WHEN datetime_field_overflow THEN
  RETURN NULL;
END
$$;
