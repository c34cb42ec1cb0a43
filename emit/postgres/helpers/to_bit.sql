-- A number as so many bits; an error when it needs more.
-- needs: to_bits
CREATE OR REPLACE FUNCTION godwit_mysql.to_bit(value numeric, size integer) RETURNS bit varying
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF size < 64 AND (round(value) < 0 OR round(value) >= 2::numeric ^ size) THEN
    RAISE numeric_value_out_of_range USING MESSAGE = format('Data too long for BIT(%s): %s', size, value);
  END IF;
  RETURN substring(godwit_mysql.to_bits(value)::bit(64) FROM 65 - size);
END
$$;
