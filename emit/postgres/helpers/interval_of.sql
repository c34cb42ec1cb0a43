-- The interval of a text by a time unit of several parts, such as '1:30' hour_minute: numbers separated by anything else, the last one
-- for the smallest part.
CREATE OR REPLACE FUNCTION godwit_mysql.interval_of(value text, unit text) RETURNS interval
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  units text[] COLLATE "C" := string_to_array(unit COLLATE "C", '_');
  names constant text[] COLLATE "C" := ARRAY['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond'];
  parts text[] COLLATE "C" := ARRAY(SELECT p[1] FROM regexp_matches(value COLLATE "C", '\d+', 'g') AS p);
  first_part integer := array_position(names, units[1]);
  last_part integer := array_position(names, units[2]);
  result interval := interval '0';
  place integer;
BEGIN
  -- A fraction counts in microseconds: '1.5' second_microsecond is 1 second and 500000 microseconds.
  IF units[2] = 'microsecond' AND cardinality(parts) > 0 THEN
    parts[cardinality(parts)] := rpad(left(parts[cardinality(parts)], 6), 6, '0');
  END IF;
  FOR i IN 0 .. least(cardinality(parts), last_part - first_part + 1) - 1 LOOP
    place := last_part - least(cardinality(parts), last_part - first_part + 1) + 1 + i;
    result := result + parts[i + 1]::double precision * ('1 ' || names[place])::interval;
  END LOOP;
  RETURN CASE WHEN ltrim(value) COLLATE "C" LIKE '-%' THEN -result ELSE result END;
END
$$;
