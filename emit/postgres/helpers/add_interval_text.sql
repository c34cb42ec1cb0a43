-- A date or date and time in a text, moved by an interval, as text: with a time when the text has one or the unit is one of the time
-- (with_time). NULL when the text is no date.
-- needs: parse_datetime
CREATE OR REPLACE FUNCTION godwit_mysql.add_interval_text(value text, span interval, with_time boolean) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN extract(microsecond FROM t)::bigint % 1000000 <> 0 THEN to_char(t, 'YYYY-MM-DD HH24:MI:SS.US')
    WHEN with_time OR ltrim(value) COLLATE "C" ~ '^(\d+[[:punct:]]+\d+[[:punct:]]+\d+[T [:punct:]]+\d|\d{9,}|\d{6}(\d\d)?T\d)' THEN to_char(t, 'YYYY-MM-DD HH24:MI:SS')
    ELSE to_char(t, 'YYYY-MM-DD') END
  FROM (SELECT godwit_mysql.parse_datetime(value) + span) AS m(t)
$$;
