-- An unsigned number that was computed: an error below zero, as MySQL raises it in every mode.
CREATE OR REPLACE FUNCTION godwit_mysql.not_below_zero(value numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value < 0 THEN
    RAISE numeric_value_out_of_range USING MESSAGE = format('BIGINT UNSIGNED value is out of range: %s', value);
  END IF;
  RETURN value;
END
$$;
