-- A double as MySQL writes it: the shortest digits that give the number back, without an exponent from 1e-15 to below 1e15.
CREATE OR REPLACE FUNCTION godwit_mysql.float_text(value double precision) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  sci text COLLATE "C";
BEGIN
  IF value = 0 THEN
    RETURN '0';
  ELSIF abs(value) >= 1e15 OR abs(value) < 1e-15 THEN
    sci := value::text;
    IF sci NOT LIKE '%e%' THEN
      sci := to_char(value::text::numeric, 'FM9D9999999999999999EEEE');
    END IF;
    sci := regexp_replace(sci, 'e\+?(-?)0*(\d)', 'e\1\2');
    RETURN regexp_replace(sci, '\.?0*e', 'e');
  END IF;
  RETURN trim_scale(value::text::numeric)::text;
END
$$;
