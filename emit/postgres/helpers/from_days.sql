-- The date of a day number (719528 is 1970-01-01); NULL below 366, where MySQL has no proper dates.
CREATE OR REPLACE FUNCTION godwit_mysql.from_days(days bigint) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN days BETWEEN 366 AND 3652424 THEN date '1970-01-01' + (days - 719528)::integer END
$$;
