-- The position of an ENUM value in its list, from 1.
CREATE OR REPLACE FUNCTION godwit_mysql.enum_position(value anyenum) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT array_position(enum_range(value), value)
$$;
