-- Padded on the left to n characters, cut to the first n when longer; NULL when n is negative.
CREATE OR REPLACE FUNCTION godwit_mysql.pad_left(value text, n bigint, padding text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN n < 0 THEN NULL WHEN padding = '' AND n > char_length(value) THEN '' ELSE lpad(value, least(n, 1073741823)::integer, padding) END
$$;

-- Padded on the left to n bytes, cut to the first n when longer; NULL when n is negative.
CREATE OR REPLACE FUNCTION godwit_mysql.pad_left(value bytea, n bigint, padding bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN n < 0 THEN NULL WHEN n <= octet_length(value) THEN substr(value, 1, n::integer) WHEN padding = '' THEN ''::bytea
    ELSE substr(decode(repeat(encode(padding, 'hex'), ((n - octet_length(value)) / octet_length(padding) + 1)::integer), 'hex'), 1, (n - octet_length(value))::integer) || value END
$$;
