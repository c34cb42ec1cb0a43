-- Padded on the left to n characters, cut to the first n when longer; NULL when n is negative.
CREATE OR REPLACE FUNCTION godwit_mysql.pad_left(value text, n bigint, padding text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN n < 0 THEN NULL WHEN padding = '' AND n > char_length(value) THEN '' ELSE lpad(value, least(n, 1073741823)::integer, padding) END
$$;
