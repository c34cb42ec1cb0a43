-- Sets a sequence to a number and returns it; NULL, and the sequence stays, where that would set it back. used tells that the next number comes after it.
CREATE OR REPLACE FUNCTION godwit_mysql.set_sequence(name regclass, value bigint, used boolean) RETURNS bigint
LANGUAGE plpgsql STRICT AS $$
DECLARE
  step bigint;
  old bigint;
BEGIN
  SELECT seqincrement INTO step FROM pg_sequence WHERE seqrelid = name;
  EXECUTE 'SELECT last_value + CASE WHEN is_called THEN $1 ELSE 0 END FROM ' || name INTO old USING step;
  IF (value + CASE WHEN used THEN step ELSE 0 END - old) * sign(step) < 0 THEN
    RETURN NULL;
  END IF;
  RETURN setval(name, value, used);
END
$$;
