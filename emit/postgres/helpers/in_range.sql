-- Whether a number is one of an integer type: true, or an error as storing it in a variable of the type gives.
CREATE OR REPLACE FUNCTION godwit_mysql.in_range(value numeric, low numeric, high numeric) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value NOT BETWEEN low AND high THEN
    RAISE numeric_value_out_of_range USING MESSAGE = format('Out of range value: %s', value);
  END IF;
  RETURN true;
END
$$;
