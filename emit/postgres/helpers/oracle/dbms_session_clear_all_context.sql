-- Takes all attributes of an application context back (PL/SQL Packages and Types Reference, DBMS_SESSION). Attributes whose names, with that of the context, are longer than 56 bytes are kept under a
-- hash, so that those of a context with a long name are not told from others: an error.
-- needs: state_clear
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_session_clear_all_context(space text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  prefix text := 'context ' || lower(space) || ' ';
BEGIN
  IF EXISTS (SELECT FROM pg_prepared_statements AS p WHERE octet_length(p.name) = 63 AND starts_with(p.name, 'godwit ' || left(prefix, 24)) AND p.name ~ '[0-9a-f]{32}$') THEN
    RAISE EXCEPTION 'DBMS_SESSION.CLEAR_ALL_CONTEXT with long names of attributes is not supported' USING ERRCODE = '0A000';
  END IF;
  PERFORM godwit_oracle.state_clear(prefix);
END
$$;
