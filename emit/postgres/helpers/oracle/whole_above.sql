-- The least integer that is not below a NUMBER: n < x and n >= x hold for the same integers n as with x itself. The limits of bigint stand for
-- what lies beyond them.
CREATE OR REPLACE FUNCTION godwit_oracle.whole_above(x numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN x > 9223372036854775807 THEN 9223372036854775807 WHEN x < -9223372036854775807 THEN -9223372036854775807 ELSE ceil(x)::bigint END
$$;
