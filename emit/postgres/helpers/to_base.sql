-- The digits of a not negative number to a base from 2 to 36.
CREATE OR REPLACE FUNCTION godwit_mysql.to_base(value numeric, base integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  digits text COLLATE "C" := '';
BEGIN
  LOOP
    digits := substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', (value % base)::integer + 1, 1) || digits;
    value := div(value, base);
    EXIT WHEN value = 0;
  END LOOP;
  RETURN digits;
END
$$;
