-- The number of names in a table of names, which ends before the first one that is NULL or not there (PL/SQL Packages and Types Reference, DBMS_UTILITY.TABLE_TO_COMMA).
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_utility_names(map jsonb) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  place integer := 0;
BEGIN
  WHILE map ->> (place + 1)::text IS NOT NULL LOOP
    place := place + 1;
  END LOOP;
  RETURN place;
END
$$;
