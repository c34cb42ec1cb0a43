-- A number as text without a format (SQL Language Reference, TO_CHAR (number)): no zero before the point, none at the end; more than 40 digits make it
-- a number with an exponent, of 40 characters.
-- needs: round_digits
CREATE OR REPLACE FUNCTION godwit_oracle.to_text(value numeric) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result text COLLATE "C" := trim_scale(value)::text;
  exponent integer;
  number numeric;
BEGIN
  IF length(result) > 40 THEN
    number := godwit_oracle.round_digits(value);
    result := trim_scale(number)::text;
    IF length(regexp_replace(result, '^-?0?|\.', '', 'g')) > 40 THEN
      exponent := CASE WHEN abs(number) >= 1 THEN length(trunc(abs(number))::text) - 1 ELSE -1 - length(substring(abs(number)::text FROM '^0\.(0*)')) END;
      result := 'E' || CASE WHEN exponent < 0 THEN '-' ELSE '+' END || lpad(abs(exponent)::text, greatest(2, length(abs(exponent)::text)), '0');
      RETURN round(number * ('1e' || -exponent)::numeric, 38 - length(result)) || result;
    END IF;
  END IF;
  RETURN regexp_replace(result, '^(-?)0\.', '\1.');
END
$$;
