-- Characters from a position (SQL Language Reference, SUBSTR): 0 is 1, a negative one counts from the end; NULL outside of the text. Numbers are cut.
CREATE OR REPLACE FUNCTION godwit_oracle.substr(value text, start numeric) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN start >= 1 THEN nullif(pg_catalog.substr(value, least(trunc(start), 2147483647)::integer), '') WHEN start > -1 THEN nullif(value, '')
  WHEN -trunc(start) <= length(value) THEN pg_catalog.right(value, -trunc(start)::integer) END
$$;

-- So many characters from a position; NULL for less than one.
CREATE OR REPLACE FUNCTION godwit_oracle.substr(value text, start numeric, count numeric) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN count >= 1 THEN CASE WHEN start >= 1 THEN nullif(pg_catalog.substr(value, least(trunc(start), 1073741823)::integer, least(trunc(count), 1073741823)::integer), '')
  WHEN start > -1 THEN nullif(pg_catalog.left(value, least(trunc(count), 1073741823)::integer), '')
  WHEN -trunc(start) <= length(value) THEN pg_catalog.left(pg_catalog.right(value, -trunc(start)::integer), least(trunc(count), 1073741823)::integer) END END
$$;

-- Bytes of a RAW from a position.
CREATE OR REPLACE FUNCTION godwit_oracle.substr(value bytea, start numeric, count numeric DEFAULT 2147483647) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN trunc(count) < 1 OR abs(trunc(start)) > octet_length(value) OR octet_length(value) = 0 THEN NULL
  WHEN start >= 1 THEN pg_catalog.substr(value, trunc(start)::integer, least(trunc(count), octet_length(value))::integer)
  WHEN trunc(start) = 0 THEN pg_catalog.substr(value, 1, least(trunc(count), octet_length(value))::integer)
  ELSE pg_catalog.substr(value, octet_length(value) + 1 + trunc(start)::integer, least(trunc(count), -trunc(start))::integer) END
$$;
