-- The text that SQLERRM gives in a handler (PL/SQL Language Reference, SQLERRM Function) for an error of PostgreSQL: the message with Oracle's number in front; that of Oracle where the cause is the same.
-- needs: sqlcode, sqlerrm_of
CREATE OR REPLACE FUNCTION godwit_oracle.sqlerrm(state text, message text, assigned boolean DEFAULT false, updated boolean DEFAULT false) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT CASE
  WHEN assigned AND state = '22003' AND message = 'integer out of range' THEN 'ORA-01426: numeric overflow'
  WHEN message ~ '^ORA-\d{4,5}' AND NOT (assigned AND message ~ '^ORA-12899') THEN message
  WHEN state ~ '^ZX\d{3}$' THEN 'ORA-20' || right(state, 3) || ': ' || coalesce(message, '')
  WHEN assigned AND state IN ('22001', '22003') THEN 'ORA-06502: PL/SQL: numeric or value error: ' || CASE state WHEN '22001' THEN 'character string buffer too small' ELSE 'number precision too large' END
  WHEN state IN ('23505', '23502', '23503', '23514', '22001', '42P01', '42703') THEN 'ORA-' || lpad(abs(code)::text, 5, '0') || ': ' || CASE state WHEN '23505' THEN 'unique constraint violated: ' ELSE '' END || message
  WHEN code = -6510 THEN 'ORA-06510: PL/SQL: unhandled user-defined exception: ' || message
  ELSE godwit_oracle.sqlerrm_of(code) END
FROM (SELECT godwit_oracle.sqlcode(state, message, assigned, updated)) AS c(code)
$$;
