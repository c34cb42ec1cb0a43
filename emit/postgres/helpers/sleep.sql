-- Waits so many seconds; 0.
CREATE OR REPLACE FUNCTION godwit_mysql.sleep(seconds double precision) RETURNS integer
LANGUAGE plpgsql STRICT AS $$
BEGIN
  PERFORM pg_sleep(seconds);
  RETURN 0;
END
$$;
