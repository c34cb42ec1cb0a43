-- A BINARY_DOUBLE as text without a format (SQL Language Reference, TO_CHAR (number)): up to 17 digits and an exponent of three.
CREATE OR REPLACE FUNCTION godwit_oracle.float_text(value double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN value = 'NaN' THEN 'Nan' WHEN value = 'Infinity' THEN 'Inf' WHEN value = '-Infinity' THEN '-Inf' WHEN value = 0 THEN '0'
  ELSE regexp_replace(regexp_replace(trim(pg_catalog.to_char(value, '9.9999999999999999EEEE')), '(\.\d+?)0*e', '\1E'), '([-+])(\d\d)$', '\10\2') END
$$;

-- A BINARY_FLOAT as text without a format: up to 9 digits.
CREATE OR REPLACE FUNCTION godwit_oracle.float_text(value real) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN value = 'NaN' THEN 'Nan' WHEN value = 'Infinity' THEN 'Inf' WHEN value = '-Infinity' THEN '-Inf' WHEN value = 0 THEN '0'
  ELSE regexp_replace(regexp_replace(trim(pg_catalog.to_char(value::double precision, '9.99999999EEEE')), '(\.\d+?)0*e', '\1E'), '([-+])(\d\d)$', '\10\2') END
$$;
