-- A single precision number as MySQL writes it: 6 significant digits.
-- needs: float_text
CREATE OR REPLACE FUNCTION godwit_mysql.real_text(value real) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT godwit_mysql.float_text(trim(to_char(value::double precision, '9.99999EEEE'))::double precision)
$$;
