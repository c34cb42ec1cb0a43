-- A BINARY_DOUBLE from text (SQL Language Reference, TO_BINARY_DOUBLE): a number, or Inf, -Inf, NaN in any case.
CREATE OR REPLACE FUNCTION godwit_oracle.to_binary_double(value text) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF value COLLATE "C" ~* '^\s*([-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?|[-+]?inf|[-+]?infinity|nan)\s*$' THEN
    RETURN value::double precision;
  ELSIF value = '' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'ORA-01722: invalid number' USING ERRCODE = '22P02', DETAIL = value;
EXCEPTION WHEN numeric_value_out_of_range THEN
  RETURN CASE WHEN value ~* 'e-' THEN 0::double precision WHEN value ~ '^\s*-' THEN '-Infinity' ELSE 'Infinity' END;
END
$$;
