-- The number of units of UTF-16 in a text: two for a character above U+FFFF (SQL Language Reference, LENGTH2).
CREATE OR REPLACE FUNCTION godwit_oracle.length2(value text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT length(nullif(value, '')) + wide.n FROM (SELECT length(value) - length(regexp_replace(value, '[\U00010000-\U0010FFFF]', '', 'g')) AS n) AS wide
$$;
