-- The number that SQLCODE gives in a handler (PL/SQL Language Reference, SQLCODE Function) for an error of PostgreSQL: the one in front of its message or in its state,
-- else that of the predefined exception with the same cause; 1 for exceptions that a unit declares, 0 for no error, -6502 (a wrong value) for others of class 22.
CREATE OR REPLACE FUNCTION godwit_oracle.sqlcode(state text, message text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE
  WHEN state IS NULL OR state = '00000' THEN 0
  WHEN state ~ '^ZX\d{3}$' THEN -20000 - right(state, 3)::integer
  WHEN message ~ '^ORA-\d{4,5}' AND substring(message FROM 5 FOR 5) !~ '^01403|^00100' THEN -substring(message FROM '^ORA-(\d{4,5})')::integer
  WHEN state ~ '^ZY' THEN 1
  ELSE CASE state
    WHEN 'P0002' THEN 100 WHEN '02000' THEN 100 WHEN 'P0003' THEN -1422 WHEN '21000' THEN -1427 WHEN '23505' THEN -1 WHEN '23502' THEN -1400
    WHEN '23503' THEN CASE WHEN message ~ 'update or delete on table' THEN -2292 ELSE -2291 END WHEN '23514' THEN -2290 WHEN '22012' THEN -1476 WHEN '22P02' THEN -1722 WHEN '22001' THEN -12899 WHEN '22003' THEN -1438
    WHEN '22007' THEN -1861 WHEN '22008' THEN -1839 WHEN '2201B' THEN -12726 WHEN '34000' THEN -1001 WHEN '24000' THEN -1001 WHEN '42P03' THEN -6511 WHEN '20000' THEN -6592
    WHEN '40P01' THEN -60 WHEN '55P03' THEN -54 WHEN '40001' THEN -8177 WHEN '42P01' THEN -942 WHEN '42703' THEN -904 WHEN '42P07' THEN -955 WHEN '42601' THEN -900
    WHEN '42501' THEN -1031 WHEN '57014' THEN -1013 WHEN '53200' THEN -4030 WHEN '54000' THEN -1489 WHEN '2202E' THEN -6533 WHEN '22004' THEN -6531 WHEN '25006' THEN -1456 WHEN '28P01' THEN -1017
    ELSE CASE WHEN state ~ '^22' THEN -6502 ELSE -6510 END END
END
$$;
