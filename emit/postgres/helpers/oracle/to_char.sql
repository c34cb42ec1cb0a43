-- A date and time written by a datetime format (SQL Language Reference, TO_CHAR (datetime)). first_day is the first day of the week, 0 for Sunday.
-- needs: date_mask, char_date, char_number
CREATE OR REPLACE FUNCTION godwit_oracle.to_char(value timestamp, mask text, first_day integer DEFAULT 0) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT godwit_oracle.char_date(value, godwit_oracle.date_mask(mask), first_day, NULL)
$$;

-- A moment written by a datetime format, told in the zone of the session.
CREATE OR REPLACE FUNCTION godwit_oracle.to_char(value timestamptz, mask text, first_day integer DEFAULT 0) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT godwit_oracle.char_date(value::timestamp, godwit_oracle.date_mask(mask), first_day, extract(timezone FROM value)::integer)
$$;

-- A number written by a number format (SQL Language Reference, TO_CHAR (number)); nls is Oracle's third argument.
CREATE OR REPLACE FUNCTION godwit_oracle.to_char(value numeric, mask text, nls text DEFAULT NULL) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT godwit_oracle.char_number(value, mask, nls)
$$;
