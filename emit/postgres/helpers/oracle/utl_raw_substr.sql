-- Bytes from a position, from the end when it is negative (PL/SQL Packages and Types Reference, UTL_RAW); an error outside of the value.
-- needs: substr
CREATE OR REPLACE FUNCTION godwit_oracle.utl_raw_substr(value bytea, start numeric, count numeric DEFAULT NULL) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  first integer := CASE WHEN start < 0 THEN octet_length(value) + trunc(start)::integer + 1 WHEN start = 0 THEN 1 ELSE trunc(start)::integer END;
BEGIN
  IF first < 1 OR first > octet_length(value) OR count < 1 OR first + trunc(count) - 1 > octet_length(value) THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error' USING ERRCODE = '22003';
  END IF;
  RETURN godwit_oracle.substr(value, first, coalesce(count, octet_length(value)));
END
$$;
