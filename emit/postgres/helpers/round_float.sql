-- A double rounded to digits behind (or, negative, before) the point, ties to even after scaling.
CREATE OR REPLACE FUNCTION godwit_mysql.round_float(value double precision, digits integer) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN digits > 0 AND abs(value) >= 10::double precision ^ (300 - least(digits, 300)) THEN value WHEN digits >= 0 THEN coalesce(round(value * 10::double precision ^ least(digits, 300)) / 10::double precision ^ least(digits, 300), value)
    WHEN digits < -308 THEN 0 ELSE round(value / 10::double precision ^ -digits) * 10::double precision ^ -digits END
$$;
