-- The number that a text is, 0 for blanks; an error for other texts that are no number (MySQL Reference Manual, Strict SQL Mode).
CREATE OR REPLACE FUNCTION godwit_mysql.strict_float(value text) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN btrim(value) = '' THEN 0 ELSE value::double precision END
$$;
