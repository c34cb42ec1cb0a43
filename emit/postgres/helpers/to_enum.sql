-- The ENUM value for a text, by case and accent insensitive comparison, else by its position if the text is a number; an error when there is none. The first argument names the type.
-- needs: fold
CREATE OR REPLACE FUNCTION godwit_mysql.to_enum(kind anyenum, value text) RETURNS anyenum
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  v text COLLATE "C";
BEGIN
  IF value IS NULL THEN
    RETURN NULL;
  END IF;
  FOREACH v IN ARRAY enum_range(kind)::text[] LOOP
    IF godwit_mysql.fold(v COLLATE "C") = godwit_mysql.fold(rtrim(value COLLATE "C", ' ')) THEN
      RETURN (enum_range(kind))[array_position(enum_range(kind)::text[], v)];
    END IF;
  END LOOP;
  IF value COLLATE "C" ~ '^ *[0-9]{1,5}$' AND value::integer BETWEEN 1 AND cardinality(enum_range(kind)) THEN
    RETURN (enum_range(kind))[value::integer];
  END IF;
  RAISE invalid_text_representation USING MESSAGE = format('Data truncated: %L is no value of the ENUM', value);
END
$$;
