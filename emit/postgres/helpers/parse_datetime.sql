-- A date and time read from a text as MySQL reads it (Date and Time Literals): year, month, day and the parts of the time
-- separated by any punctuation, or digits only; years of two digits are 1970 to 2069. NULL when it is no date and time.
CREATE OR REPLACE FUNCTION godwit_mysql.parse_datetime(value text) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  t text COLLATE "C" := ltrim(value COLLATE "C", E' \t\n\r');
  m text[] COLLATE "C";
  y integer;
BEGIN
  m := regexp_match(t, '^(\d{8}|\d{6})(?:T?(\d{2})(\d{2})?(\d{2})?)?(?:\.(\d*))?(?![\d[:punct:]])');
  IF m IS NULL OR m[1] IS NULL THEN
    m := regexp_match(t, '^(\d{1,4})[[:punct:]]+(\d{1,2})[[:punct:]]+(\d{1,2})(?:(?:T|[ [:punct:]]+)(\d{1,2})(?:[[:punct:]]+(\d{1,2})(?:[[:punct:]]+(\d{1,2})(?:\.(\d*))?)?)?)?(?!\d)');
  ELSE
    m := ARRAY[left(m[1], -4), left(right(m[1], 4), 2), right(m[1], 2), m[2], m[3], m[4], m[5]];
  END IF;
  IF m IS NULL THEN
    RETURN NULL;
  END IF;
  y := m[1]::integer;
  IF char_length(m[1]) = 2 THEN
    y := y + CASE WHEN y < 70 THEN 2000 ELSE 1900 END;
  END IF;
  IF coalesce(m[4], '0')::integer > 23 OR coalesce(m[5], '0')::integer > 59 OR coalesce(m[6], '0')::integer > 59 THEN
    RETURN NULL;
  END IF;
  RETURN make_timestamp(y, m[2]::integer, m[3]::integer, coalesce(m[4], '0')::integer, coalesce(m[5], '0')::integer,
    (coalesce(m[6], '0') || '.' || coalesce(left(m[7], 7), '0') || '0')::double precision);
EXCEPTION WHEN datetime_field_overflow THEN
  RETURN NULL;
END
$$;
