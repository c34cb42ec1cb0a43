-- The integer that a NUMBER is, NULL if it has decimals or is too large to be a key: what an index of integers is searched for.
CREATE OR REPLACE FUNCTION godwit_oracle.whole(x numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN x = trunc(x) AND x BETWEEN -9223372036854775808 AND 9223372036854775807 THEN x::bigint END
$$;
