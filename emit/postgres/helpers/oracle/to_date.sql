-- A date and time of day read by a datetime format (SQL Language Reference, TO_DATE).
-- needs: date_mask, parse_date
CREATE OR REPLACE FUNCTION godwit_oracle.to_date(value text, mask text) RETURNS timestamp
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT (godwit_oracle.parse_date(nullif(value, ''), godwit_oracle.date_mask(CASE WHEN mask ~* 'FF|TZ' THEN '!' || mask || 'A' ELSE mask END))).moment
$$;
