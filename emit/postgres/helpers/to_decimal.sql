-- The exact number at the beginning of a text, 0 when there is none.
CREATE OR REPLACE FUNCTION godwit_mysql.to_decimal(value text) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT coalesce(substring(value COLLATE "C" FROM '^[ \t\n\v\f\r]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3}(?!\d))?)'), '0')::numeric
$$;
