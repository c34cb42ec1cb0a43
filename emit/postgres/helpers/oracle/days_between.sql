-- The days from the second date to the first, with a fraction: DATE - DATE (SQL Language Reference, Datetime/Interval Arithmetic).
-- needs: divide
CREATE OR REPLACE FUNCTION godwit_oracle.days_between(late timestamp, early timestamp) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN late::time = early::time THEN (late::date - early::date)::numeric
  ELSE godwit_oracle.divide(extract(epoch FROM date_trunc('second', late) - date_trunc('second', early)), 86400) END
$$;
