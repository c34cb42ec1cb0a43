-- The moment now by the database's clock (SQL Language Reference, SYSTIMESTAMP). It moves on between calls.
CREATE OR REPLACE FUNCTION godwit_oracle.systimestamp() RETURNS timestamptz
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
SELECT clock_timestamp()
$$;
