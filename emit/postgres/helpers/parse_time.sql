-- A duration read from a text as MySQL reads a TIME: [-][days ]hours:minutes[:seconds[.fraction]], or digits HHMMSS, or the
-- time part of a date and time. Clamped to 838:59:59; NULL when it is none.
-- needs: parse_datetime
CREATE OR REPLACE FUNCTION godwit_mysql.parse_time(value text) RETURNS interval
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  t text COLLATE "C" := ltrim(value COLLATE "C", E' \t\n\r');
  m text[] COLLATE "C";
  d text COLLATE "C";
  s interval;
BEGIN
  m := regexp_match(t, '^\d{1,4}[-/]\d{1,2}[-/]\d{1,2}[T ]');
  IF m IS NOT NULL OR t ~ '^\d{12,14}(\.\d*)?$' THEN
    RETURN godwit_mysql.parse_datetime(t) - date_trunc('day', godwit_mysql.parse_datetime(t));
  END IF;
  m := regexp_match(t, '^([-+]?)(?:(\d+) +)?(\d+):(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?');
  IF m IS NULL THEN
    m := regexp_match(t, '^([-+]?)(\d+) +(\d{1,2})(?:$|[^\d:.])');
    IF m IS NULL THEN
      m := regexp_match(t, '^([-+]?)(\d+)(?:\.(\d*))?');
      IF m IS NULL THEN
        RETURN CASE WHEN t = '' THEN interval '0' END;
      END IF;
      d := lpad(m[2], greatest(char_length(m[2]), 6), '0');
      m := ARRAY[m[1], NULL, left(d, -4), left(right(d, 4), 2), right(d, 2), m[3]];
    END IF;
  END IF;
  IF coalesce(m[4], '0')::integer > 59 OR coalesce(m[5], '0')::integer > 59 THEN
    RETURN NULL;
  END IF;
  s := least(make_interval(hours => least(coalesce(m[2], '0')::bigint * 24 + m[3]::bigint, 900)::integer, mins => coalesce(m[4], '0')::integer,
    secs => (coalesce(m[5], '0') || '.' || coalesce(left(m[6], 7), '0') || '0')::double precision), interval '838:59:59');
  RETURN CASE WHEN m[1] = '-' THEN -s ELSE s END;
END
$$;
