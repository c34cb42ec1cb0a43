-- A binary number rounded to places (SQL Language Reference, ROUND (number)): halves without places go to the even number.
CREATE OR REPLACE FUNCTION godwit_oracle.round_float(value double precision, places integer DEFAULT 0) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN value IN ('Infinity', '-Infinity', 'NaN') THEN value WHEN places = 0 THEN round(value) ELSE round(value::text::numeric, places)::double precision END
$$;
