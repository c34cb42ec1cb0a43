-- The ENUM value at a position of its list; an error when there is none. The first argument names the type.
CREATE OR REPLACE FUNCTION godwit_mysql.enum_at(kind anyenum, place bigint) RETURNS anyenum
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF place IS NULL THEN
    RETURN NULL;
  ELSIF place NOT BETWEEN 1 AND cardinality(enum_range(kind)) THEN
    RAISE invalid_text_representation USING MESSAGE = format('Data truncated: there is no ENUM value number %s', place);
  END IF;
  RETURN (enum_range(kind))[place::integer];
END
$$;
