-- The position of a text in another at or behind a start, 0 when it is not there; compares code points.
CREATE OR REPLACE FUNCTION godwit_mysql.locate(part text, value text, start bigint) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN start < 1 OR start > char_length(value) + 1 THEN 0
    WHEN strpos(substr(value COLLATE "C", start::integer), part COLLATE "C") = 0 THEN 0
    ELSE start::integer - 1 + strpos(substr(value COLLATE "C", start::integer), part COLLATE "C") END
$$;

-- The position of some bytes in others at or behind a start, 0 when they are not there.
CREATE OR REPLACE FUNCTION godwit_mysql.locate(part bytea, value bytea, start bigint) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN start < 1 OR start > octet_length(value) + 1 THEN 0
    WHEN position(part IN substr(value, start::integer)) = 0 THEN 0
    ELSE start::integer - 1 + position(part IN substr(value, start::integer)) END
$$;
