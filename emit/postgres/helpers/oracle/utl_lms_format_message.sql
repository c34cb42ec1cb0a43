-- The text with its %s and %d replaced by the arguments in order, and %% by % (PL/SQL Packages and Types Reference, UTL_LMS.FORMAT_MESSAGE).
-- Arguments beyond the places are left out; a place without an argument, another letter, and a %d that is given no integer are errors here.
CREATE OR REPLACE FUNCTION godwit_oracle.utl_lms_format_message(format text, VARIADIC args text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  result text := '';
  piece text;
  given integer := 0;
BEGIN
  FOR piece IN SELECT m[1] FROM regexp_matches(format, '%.|%|[^%]+', 'g') AS m LOOP
    IF piece NOT LIKE '\%%' THEN
      result := result || piece;
    ELSIF piece = '%%' THEN
      result := result || '%';
    ELSIF piece IN ('%s', '%d') AND given < cardinality(args) THEN
      given := given + 1;
      IF piece = '%d' AND args[given] !~ '^-?[0-9]+$' THEN
        RAISE EXCEPTION 'an argument for %%d that is no integer is not supported: %', args[given] USING ERRCODE = '0A000';
      END IF;
      result := result || coalesce(args[given], '');
    ELSE
      RAISE EXCEPTION 'the place % of the message % is not supported', piece, format USING ERRCODE = '0A000';
    END IF;
  END LOOP;
  RETURN nullif(result, '');
END
$$;
