-- How many bits of a 64-bit unsigned number are set.
-- needs: to_bits
CREATE OR REPLACE FUNCTION godwit_mysql.bit_count(value numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT length(replace(godwit_mysql.to_bits(value)::bit(64)::text, '0', ''))::bigint
$$;
