-- Bytes with others laid over them from a position, as many as length says: what lies over is cut, or filled with the byte pad, as is what lies between the end and the position
-- (PL/SQL Packages and Types Reference, UTL_RAW.OVERLAY).
CREATE OR REPLACE FUNCTION godwit_oracle.utl_raw_overlay(over bytea, value bytea, start numeric DEFAULT 1, length numeric DEFAULT NULL, pad bytea DEFAULT NULL) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  count integer := coalesce(trunc(length)::integer, octet_length(over));
  place integer := coalesce(trunc(start)::integer, 1);
  fill text := encode(substr(coalesce(nullif(pad, ''::bytea), '\x00'::bytea), 1, 1), 'hex');
BEGIN
  IF coalesce(octet_length(over), 0) = 0 OR value IS NULL OR count < 0 OR place < 1 THEN
    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error' USING ERRCODE = '22003';
  END IF;
  RETURN substr(value, 1, place - 1) || decode(repeat(fill, place - 1 - octet_length(value)), 'hex')
    || substr(over, 1, count) || decode(repeat(fill, count - octet_length(over)), 'hex') || substr(value, place + count);
END
$$;
