-- A double cut to digits behind (or, negative, before) the point.
CREATE OR REPLACE FUNCTION godwit_mysql.truncate_float(value double precision, digits integer) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN digits > 0 AND abs(value) >= 10::double precision ^ (300 - least(digits, 300)) THEN value WHEN digits >= 0 THEN trunc(value * 10::double precision ^ least(digits, 300)) / 10::double precision ^ least(digits, 300)
    WHEN digits < -308 THEN 0 ELSE trunc(value / 10::double precision ^ -digits) * 10::double precision ^ -digits END
$$;
