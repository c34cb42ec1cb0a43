-- A moment without a zone read by a datetime format (SQL Language Reference, TO_TIMESTAMP); digits behind the sixth of the second round.
-- needs: parse_date
CREATE OR REPLACE FUNCTION godwit_oracle.to_timestamp(value text, mask text) RETURNS timestamp
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN (godwit_oracle.parse_date(nullif(value, ''), mask)).moment;
END
$$;
