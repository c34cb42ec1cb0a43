-- A 64-bit unsigned number shifted to the left; 0 when by 64 bits or more, or by a negative number.
-- needs: to_bits, from_bits
CREATE OR REPLACE FUNCTION godwit_mysql.shift_left(value numeric, places numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN round(places) BETWEEN 0 AND 63 THEN godwit_mysql.from_bits(godwit_mysql.to_bits(value) << round(places)::integer) ELSE 0 END
$$;
