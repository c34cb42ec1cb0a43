-- The numbers of INT UNSIGNED, for variables, parameters and results of routines.
-- needs: in_range
DO $$
BEGIN
  CREATE DOMAIN godwit_mysql.int_unsigned AS bigint CHECK (godwit_mysql.in_range(VALUE, 0, 4294967295));
EXCEPTION WHEN duplicate_object THEN
  NULL;
END
$$;
