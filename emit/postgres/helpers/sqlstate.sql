-- The SQLSTATE that MySQL has for an error of PostgreSQL; states that no error of PostgreSQL has stay as they are. That of columns
-- without a value is HY000 where the statement leaves them out.
CREATE OR REPLACE FUNCTION godwit_mysql.sqlstate(state text, not_null text DEFAULT '23000') RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE
  WHEN state IN ('23505', '23503', '23001') THEN '23000'
  WHEN state = '23502' THEN not_null
  WHEN state = '23514' THEN '22003'
  WHEN state IN ('22P02', '55P03', '22021', '22P05', 'P0001') THEN 'HY000'
  WHEN state = '22008' THEN '22007'
  WHEN state = 'P0002' THEN '02000'
  WHEN state = 'P0003' THEN '42000'
  WHEN state = '40P01' THEN '40001'
  WHEN state = '42P01' THEN '42S02'
  WHEN state = '42P07' THEN '42S01'
  WHEN state = '42703' THEN '42S22'
  WHEN state = '42701' THEN '42S21'
  WHEN state IN ('42883', '42601', '42501', '42704', '42723') THEN '42000'
  WHEN state IN ('34000', '42P03', '22004') THEN '24000'
  WHEN state = '57014' THEN '70100'
  ELSE state
END
$$;
