-- A UUID read from a text: 32 hexadecimal digits, with hyphens anywhere between them. What is none is NULL, or an error where it must be one.
CREATE OR REPLACE FUNCTION godwit_mysql.to_uuid(value text, must boolean) RETURNS uuid
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value COLLATE "C" ~ '^[0-9a-fA-F](-*[0-9a-fA-F]){31}$' THEN
    RETURN replace(value COLLATE "C", '-', '')::uuid;
  ELSIF must THEN
    RAISE invalid_datetime_format USING MESSAGE = format('Incorrect uuid value: %L', value);
  END IF;
  RETURN NULL;
END
$$;
