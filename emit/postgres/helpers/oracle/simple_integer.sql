-- The lowest 32 bits of a whole number, with their sign: what arithmetic of SIMPLE_INTEGER gives (PL/SQL Language Reference, SIMPLE_INTEGER).
CREATE OR REPLACE FUNCTION godwit_oracle.simple_integer(value numeric) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT (value - floor((value + 2147483648) / 4294967296) * 4294967296)::integer
$$;
