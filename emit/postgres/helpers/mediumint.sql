-- The numbers of MEDIUMINT, for variables, parameters and results of routines.
-- needs: in_range
DO $$
BEGIN
  CREATE DOMAIN godwit_mysql.mediumint AS integer CHECK (godwit_mysql.in_range(VALUE, -8388608, 8388607));
EXCEPTION WHEN duplicate_object THEN
  NULL;
END
$$;
