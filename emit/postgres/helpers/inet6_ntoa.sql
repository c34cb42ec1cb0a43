-- The address of 4 or 16 bytes; NULL for other lengths. A single group of zeros is left out as well when there is no longer run.
CREATE OR REPLACE FUNCTION godwit_mysql.inet6_ntoa(value bytea) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN a LIKE '%::%' OR a LIKE '%.%' THEN a ELSE regexp_replace(a, '(^|:)0(:|$)', '::') END
  FROM (SELECT CASE octet_length(value)
    WHEN 4 THEN concat_ws('.', get_byte(value, 0), get_byte(value, 1), get_byte(value, 2), get_byte(value, 3))
    WHEN 16 THEN host(trim(trailing ':' FROM regexp_replace(encode(value, 'hex'), '(....)', '\1:', 'g'))::inet) END) AS h(a)
$$;
