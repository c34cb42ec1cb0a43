-- The bytes of hexadecimal digits; NULL when there is another character.
CREATE OR REPLACE FUNCTION godwit_mysql.unhex(value text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN value COLLATE "C" ~ '^[0-9A-Fa-f]*$' THEN decode(CASE WHEN char_length(value) % 2 = 1 THEN '0' ELSE '' END || value, 'hex') END
$$;
