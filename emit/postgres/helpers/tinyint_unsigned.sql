-- The numbers of TINYINT UNSIGNED, for variables, parameters and results of routines.
-- needs: in_range
DO $$
BEGIN
  CREATE DOMAIN godwit_mysql.tinyint_unsigned AS smallint CHECK (godwit_mysql.in_range(VALUE, 0, 255));
EXCEPTION WHEN duplicate_object THEN
  NULL;
END
$$;
