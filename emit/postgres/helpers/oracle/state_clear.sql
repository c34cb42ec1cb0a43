-- Forgets the variables of the session whose names begin with a text, all for an empty one: DBMS_SESSION.RESET_PACKAGE (PL/SQL Packages and Types Reference).
CREATE OR REPLACE FUNCTION godwit_oracle.state_clear(prefix text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  known text;
BEGIN
  FOR known IN SELECT p.name FROM pg_prepared_statements AS p WHERE starts_with(p.name, 'godwit ' || prefix) LOOP
    EXECUTE format('DEALLOCATE %I', known);
  END LOOP;
END
$$;
