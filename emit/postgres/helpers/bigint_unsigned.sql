-- The numbers of BIGINT UNSIGNED, for variables, parameters and results of routines.
-- needs: in_range
DO $$
BEGIN
  CREATE DOMAIN godwit_mysql.bigint_unsigned AS numeric(20) CHECK (godwit_mysql.in_range(VALUE, 0, 18446744073709551615));
EXCEPTION WHEN duplicate_object THEN
  NULL;
END
$$;
