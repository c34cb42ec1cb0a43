-- A 64-bit number of one base written to another: leading digits count, negative bases mean signed numbers, overflow saturates.
-- needs: to_base
CREATE OR REPLACE FUNCTION godwit_mysql.conv(value text, from_base bigint, to_base bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  digits text COLLATE "C" := upper(ltrim(value) COLLATE "C");
  negative boolean := false;
  n numeric := 0;
  d integer;
BEGIN
  IF value = '' OR abs(from_base) NOT BETWEEN 2 AND 36 OR abs(to_base) NOT BETWEEN 2 AND 36 THEN
    RETURN NULL;
  END IF;
  IF left(digits, 1) IN ('-', '+') THEN
    negative := left(digits, 1) = '-';
    digits := substr(digits, 2);
  END IF;
  FOR i IN 1 .. char_length(digits) LOOP
    d := strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(digits, i, 1)) - 1;
    EXIT WHEN d < 0 OR d >= abs(from_base);
    n := n * abs(from_base) + d;
  END LOOP;
  IF from_base < 0 THEN
    n := least(n, CASE WHEN negative THEN 9223372036854775808 ELSE 9223372036854775807 END);
  ELSE
    n := least(n, 18446744073709551615);
  END IF;
  IF negative AND n > 0 THEN
    n := 18446744073709551616 - n;
  END IF;
  IF to_base < 0 AND n > 9223372036854775807 THEN
    RETURN '-' || godwit_mysql.to_base(18446744073709551616 - n, -to_base::integer);
  END IF;
  RETURN godwit_mysql.to_base(n, abs(to_base)::integer);
END
$$;
