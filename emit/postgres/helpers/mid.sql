-- Characters from a start: from the end when it is negative, none when it is 0 or outside the text.
CREATE OR REPLACE FUNCTION godwit_mysql.mid(value text, start bigint, count bigint DEFAULT 2147483647) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN count < 1 OR start = 0 OR abs(start) > char_length(value) THEN ''
    WHEN start > 0 THEN substr(value, start::integer, least(count, 1073741823)::integer)
    ELSE substr(value, char_length(value) + start::integer + 1, least(count, -start)::integer) END
$$;

-- Bytes from a start: from the end when it is negative, none when it is 0 or outside the value.
CREATE OR REPLACE FUNCTION godwit_mysql.mid(value bytea, start bigint, count bigint DEFAULT 2147483647) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN count < 1 OR start = 0 OR abs(start) > octet_length(value) THEN ''::bytea
    WHEN start > 0 THEN substr(value, start::integer, least(count, 1073741823)::integer)
    ELSE substr(value, octet_length(value) + start::integer + 1, least(count, -start)::integer) END
$$;
