-- A number as a YEAR: 1 to 69 are 2001 to 2069, 70 to 99 are 1970 to 1999; an error outside 1901 to 2155.
CREATE OR REPLACE FUNCTION godwit_mysql.to_year(value numeric) RETURNS smallint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  y integer := round(value);
BEGIN
  y := CASE WHEN y BETWEEN 1 AND 69 THEN y + 2000 WHEN y BETWEEN 70 AND 99 THEN y + 1900 ELSE y END;
  IF y <> 0 AND y NOT BETWEEN 1901 AND 2155 THEN
    RAISE numeric_value_out_of_range USING MESSAGE = format('Out of range value for a YEAR: %s', value);
  END IF;
  RETURN y;
END
$$;
