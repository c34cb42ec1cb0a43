-- A bit string as a 64-bit unsigned number.
CREATE OR REPLACE FUNCTION godwit_mysql.bit_text_number(value bit varying) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN n < 0 THEN n + 18446744073709551616 ELSE n END
  FROM (SELECT lpad(value::text, 64, '0')::bit(64)::bigint::numeric) AS b(n)
$$;
