-- A 64-bit unsigned number shifted to the right; 0 when by 64 bits or more, or by a negative number.
-- needs: to_unsigned
CREATE OR REPLACE FUNCTION godwit_mysql.shift_right(value numeric, places numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN round(places) BETWEEN 0 AND 63 THEN div(godwit_mysql.to_unsigned(value), 2::numeric ^ round(places)) ELSE 0 END
$$;
