-- The numbers of SMALLINT UNSIGNED, for variables, parameters and results of routines.
-- needs: in_range
DO $$
BEGIN
  CREATE DOMAIN godwit_mysql.smallint_unsigned AS integer CHECK (godwit_mysql.in_range(VALUE, 0, 65535));
EXCEPTION WHEN duplicate_object THEN
  NULL;
END
$$;
