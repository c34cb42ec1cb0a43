-- A text or a number as a BOOLEAN (SQL Language Reference, "Boolean Data Type", which lists the texts; blanks around them do not count).
CREATE OR REPLACE FUNCTION godwit_oracle.to_boolean(value text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  CASE
    WHEN value IS NULL THEN
      RETURN NULL;
    WHEN lower(btrim(value)) IN ('true', 'yes', 'on', '1', 't', 'y') THEN
      RETURN true;
    WHEN lower(btrim(value)) IN ('false', 'no', 'off', '0', 'f', 'n') THEN
      RETURN false;
    ELSE
      RAISE EXCEPTION 'ORA-61800: invalid boolean literal: %', value USING ERRCODE = '22P02';
  END CASE;
END
$$;
CREATE OR REPLACE FUNCTION godwit_oracle.to_boolean(value numeric) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT value <> 0
$$;
CREATE OR REPLACE FUNCTION godwit_oracle.to_boolean(value boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT value
$$;
