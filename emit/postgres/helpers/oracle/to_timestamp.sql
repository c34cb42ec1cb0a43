-- A moment without a zone read by a datetime format (SQL Language Reference, TO_TIMESTAMP); digits behind the sixth of the second round.
-- needs: date_mask, parse_date
CREATE OR REPLACE FUNCTION godwit_oracle.to_timestamp(value text, mask text) RETURNS timestamp
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT (godwit_oracle.parse_date(nullif(value, ''), godwit_oracle.date_mask(mask))).moment
$$;
