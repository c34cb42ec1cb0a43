-- The numbers of MEDIUMINT UNSIGNED, for variables, parameters and results of routines.
-- needs: in_range
DO $$
BEGIN
  CREATE DOMAIN godwit_mysql.mediumint_unsigned AS integer CHECK (godwit_mysql.in_range(VALUE, 0, 16777215));
EXCEPTION WHEN duplicate_object THEN
  NULL;
END
$$;
