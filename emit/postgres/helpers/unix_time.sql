-- Seconds since 1970-01-01 UTC; a moment before that gives the second argument.
CREATE OR REPLACE FUNCTION godwit_mysql.unix_time(moment timestamptz, before numeric DEFAULT NULL) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN moment < timestamptz 'epoch' THEN before ELSE extract(epoch FROM moment) END
$$;
