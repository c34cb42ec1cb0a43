-- The first number, or the second where it is not a number (SQL Language Reference, NANVL).
CREATE OR REPLACE FUNCTION godwit_oracle.nanvl(a double precision, b double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN a = 'NaN' THEN b ELSE a END
$$;
