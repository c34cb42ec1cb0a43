-- A date read by a datetime format that names year, month and day, so that nothing comes from the clock and columns and indexes can hold it (SQL Language Reference, TO_DATE).
-- needs: to_date
CREATE OR REPLACE FUNCTION godwit_oracle.to_date_whole(value text, mask text) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN godwit_oracle.to_date(value, mask);
END
$$;
