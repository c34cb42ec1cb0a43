-- A number cut to the digits that NUMBER keeps: twenty pairs of digits, counted from the point, which is 39 or 40 digits
-- (SQL Language Reference, NUMBER Data Type). Above 1e126 it is an error, below 1e-130 it is 0.
CREATE OR REPLACE FUNCTION godwit_oracle.round_digits(value numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  x numeric := abs(value);
BEGIN
  IF scale(value) <= 2 AND x < 1e38 OR value = 0 THEN
    RETURN value;
  ELSIF x >= 1 THEN
    IF x >= 1e126 THEN
      RAISE EXCEPTION 'ORA-01426: numeric overflow' USING ERRCODE = 'ZZ13M';
    END IF;
    RETURN trim_scale(round(value, 40 - (length(trunc(x)::text) + 1) / 2 * 2));
  ELSIF x < 1e-130 THEN
    RETURN 0;
  END IF;
  RETURN trim_scale(round(value, 40 + (length(substring(x::text FROM '^0\.(0*)')) / 2 * 2)));
END
$$;
