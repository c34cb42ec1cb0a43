-- A binary number cut to places (SQL Language Reference, TRUNC (number)).
CREATE OR REPLACE FUNCTION godwit_oracle.trunc_float(value double precision, places integer DEFAULT 0) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN value IN ('Infinity', '-Infinity', 'NaN') THEN value WHEN places = 0 THEN trunc(value) ELSE trunc(value::text::numeric, places)::double precision END
$$;
