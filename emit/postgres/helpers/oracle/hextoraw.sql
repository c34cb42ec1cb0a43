-- Bytes from hexadecimal digits (SQL Language Reference, HEXTORAW); an odd number of them gets a zero in front.
CREATE OR REPLACE FUNCTION godwit_oracle.hextoraw(value text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value COLLATE "C" !~ '^[0-9A-Fa-f]*$' THEN
    RAISE EXCEPTION 'ORA-01465: invalid hex number' USING ERRCODE = '22P02', DETAIL = value;
  ELSIF value = '' THEN
    RETURN NULL;
  END IF;
  RETURN decode(CASE WHEN length(value) % 2 = 1 THEN '0' || value ELSE value END, 'hex');
END
$$;
