-- 64 bits as an unsigned number.
CREATE OR REPLACE FUNCTION godwit_mysql.from_bits(bits bigint) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN bits < 0 THEN bits + 18446744073709551616 ELSE bits END
$$;
