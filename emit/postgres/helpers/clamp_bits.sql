-- A number as so many bits without strict mode: all ones when it needs more.
-- needs: to_bit
CREATE OR REPLACE FUNCTION godwit_mysql.clamp_bits(value numeric, size integer) RETURNS bit varying
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT godwit_mysql.to_bit(CASE WHEN round(value) BETWEEN 0 AND 2::numeric ^ size - 1 THEN value ELSE 2::numeric ^ size - 1 END, size)
$$;
