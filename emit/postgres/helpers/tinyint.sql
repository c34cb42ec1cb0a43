-- The numbers of TINYINT, for variables, parameters and results of routines.
-- needs: in_range
DO $$
BEGIN
  CREATE DOMAIN godwit_mysql.tinyint AS smallint CHECK (godwit_mysql.in_range(VALUE, -128, 127));
EXCEPTION WHEN duplicate_object THEN
  NULL;
END
$$;
