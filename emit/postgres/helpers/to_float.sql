-- The number at the beginning of a text, 0 when there is none (MySQL Reference Manual, Type Conversion in Expression Evaluation).
CREATE OR REPLACE FUNCTION godwit_mysql.to_float(value text) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN coalesce(substring(value COLLATE "C" FROM '^[ \t\n\v\f\r]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)'), '0')::double precision;
EXCEPTION WHEN numeric_value_out_of_range THEN
  RETURN CASE WHEN value COLLATE "C" ~ '[eE]-' THEN 0
    WHEN ltrim(value) COLLATE "C" LIKE '-%' THEN -1.7976931348623157e308 ELSE 1.7976931348623157e308 END;
END
$$;
