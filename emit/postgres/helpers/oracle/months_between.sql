-- The months from the second date to the first (SQL Language Reference, MONTHS_BETWEEN): whole for the same day of the month or two last days,
-- whatever the time of day, else with a fraction of a month of 31 days.
-- needs: divide
CREATE OR REPLACE FUNCTION godwit_oracle.months_between(late timestamp, early timestamp) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  months numeric := (extract(year FROM late) - extract(year FROM early)) * 12 + extract(month FROM late) - extract(month FROM early);
BEGIN
  IF extract(day FROM late) = extract(day FROM early)
      OR extract(day FROM late + interval '1 day') = 1 AND extract(day FROM early + interval '1 day') = 1 THEN
    RETURN months;
  END IF;
  RETURN godwit_oracle.divide(months * 2678400 + extract(epoch FROM date_trunc('second', late) - date_trunc('month', late))
    - extract(epoch FROM date_trunc('second', early) - date_trunc('month', early)), 2678400);
END
$$;
