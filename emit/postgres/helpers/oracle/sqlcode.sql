-- The number that SQLCODE gives in a handler (PL/SQL Language Reference, SQLCODE Function) for an error of PostgreSQL: the one in front of its message or in its state,
-- else that of the predefined exception with the same cause; 1 for exceptions that a unit declares, 0 for no error, -6502 (a wrong value) for others of class 22.
-- A value that is too large is -6502 for a variable (assigned), -1426 for an integer, -12899 or -1438 for a column, also where a CHECK of the digits stands for those of NUMBER(p). A NULL where none may be is -1407 where rows are changed (updated), else -1400.
CREATE OR REPLACE FUNCTION godwit_oracle.sqlcode(state text, message text, assigned boolean DEFAULT false, updated boolean DEFAULT false) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT CASE
  WHEN state IS NULL OR state = '00000' THEN 0
  WHEN state ~ '^ZX\d{3}$' THEN -20000 - right(state, 3)::integer
  WHEN assigned AND state IN ('22001', '22003') AND message !~ '^ORA-(?!12899)' THEN CASE WHEN message = 'integer out of range' THEN -1426 ELSE -6502 END
  WHEN message ~ '^ORA-\d{4,5}' AND substring(message FROM 5 FOR 5) !~ '^01403|^00100' THEN -substring(message FROM '^ORA-(\d{4,5})')::integer
  WHEN state ~ '^ZY' THEN 1
  ELSE CASE state
    WHEN 'P0002' THEN 100 WHEN '02000' THEN 100 WHEN 'P0003' THEN -1422 WHEN '21000' THEN CASE WHEN message ~ '^MERGE' THEN -30926 ELSE -1427 END WHEN '23505' THEN -1 WHEN '23502' THEN CASE WHEN updated THEN -1407 ELSE -1400 END
    WHEN '23503' THEN CASE WHEN message ~ 'update or delete on table' THEN -2292 ELSE -2291 END WHEN '23514' THEN CASE WHEN EXISTS (
      SELECT FROM pg_catalog.pg_constraint AS c JOIN pg_catalog.pg_class AS r ON r.oid = c.conrelid
      WHERE ARRAY[r.relname, c.conname] = regexp_match(message, '"(.*?)".*"(.*)"')::name[] AND pg_catalog.pg_get_constraintdef(c.oid) ~ '^CHECK \(\(\(.+ >= ''-(9+)''::\w+\) AND \(.+ <= ''?\1''?(::\w+)?\)\)\)$') THEN -1438 ELSE -2290 END
    WHEN '22012' THEN -1476 WHEN '22P02' THEN -1722 WHEN '22018' THEN -6502
    WHEN '22001' THEN -12899 WHEN '22003' THEN -1438
    WHEN '22007' THEN -1861 WHEN '22008' THEN -1839 WHEN '2201B' THEN -12726 WHEN '2200M' THEN -31011 WHEN '2200N' THEN -31011 WHEN '34000' THEN -1001 WHEN '24000' THEN -1001 WHEN '42P03' THEN -6511 WHEN '20000' THEN -6592
    WHEN '40P01' THEN -60 WHEN '55P03' THEN -54 WHEN '40001' THEN -8177 WHEN '42P01' THEN CASE WHEN message ~ '^sequence ' THEN -2289 WHEN message ~ '^materialized view ' THEN -12003 ELSE -942 END WHEN '42703' THEN -904 WHEN '42P07' THEN -955 WHEN '42723' THEN -955
    WHEN '42701' THEN -1430 WHEN '42P16' THEN CASE WHEN message ~ '^multiple primary keys' THEN -2260 ELSE -6510 END WHEN '2BP01' THEN -2449
    WHEN '42710' THEN CASE WHEN message ~ '^constraint ' THEN -2264 WHEN message ~ '^trigger ' THEN -4081 ELSE -955 END
    WHEN '42704' THEN CASE WHEN message ~ '^index ' THEN -1418 WHEN message ~ '^constraint ' THEN -2443 WHEN message ~ '^trigger ' THEN -4080 WHEN message ~ '^role ' THEN -1918 ELSE -4043 END
    WHEN '42883' THEN -4043
    WHEN '42601' THEN -900
    WHEN '42501' THEN -1031 WHEN '57014' THEN -1013 WHEN '53200' THEN -4030 WHEN '54000' THEN -1489 WHEN '2202E' THEN -6533 WHEN '22004' THEN CASE WHEN message ~ '(declared NOT NULL|FOR loop cannot be null)$' THEN -6502 WHEN message ~ '^cursor variable ' THEN -1001 ELSE -6531 END WHEN '2F005' THEN -6503 WHEN '25006' THEN -1456 WHEN '28P01' THEN -1017 WHEN '2200H' THEN -8004 WHEN '55000' THEN CASE WHEN message ~ '^(currval|lastval) ' THEN -8002 ELSE -6510 END
    ELSE CASE WHEN state ~ '^22' THEN -6502 ELSE -6510 END END
END
$$;
