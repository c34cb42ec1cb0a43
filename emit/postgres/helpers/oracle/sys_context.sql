-- A parameter of the session by its context (SQL Language Reference, SYS_CONTEXT): of USERENV those with an equivalent, the names of users and schemas in upper case where they have no other letters. For other contexts
-- what dbms_session_set_context has set.
-- needs: state_get
CREATE OR REPLACE FUNCTION godwit_oracle.sys_context(space text, name text) RETURNS text
LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
  found text;
BEGIN
  IF upper(space) <> 'USERENV' THEN
    RETURN godwit_oracle.state_get('context ' || lower(space) || ' ' || lower(name));
  END IF;
  CASE upper(name)
    WHEN 'SESSION_USER', 'AUTHENTICATED_IDENTITY' THEN found := session_user;
    WHEN 'CURRENT_USER' THEN found := current_user;
    WHEN 'CURRENT_SCHEMA' THEN found := current_schema;
    WHEN 'DB_NAME', 'SERVICE_NAME', 'INSTANCE_NAME', 'DB_UNIQUE_NAME', 'CON_NAME' THEN RETURN current_database();
    WHEN 'SESSIONID', 'SID' THEN RETURN pg_backend_pid()::text;
    WHEN 'IP_ADDRESS' THEN RETURN host(inet_client_addr());
    WHEN 'MODULE', 'CLIENT_PROGRAM_NAME' THEN RETURN nullif(current_setting('application_name'), '');
    WHEN 'CLIENT_IDENTIFIER', 'CLIENT_INFO', 'ACTION' THEN RETURN nullif(current_setting('godwit.context_userenv_' || lower(name), true), '');
    WHEN 'ISDBA' THEN RETURN CASE WHEN current_setting('is_superuser') = 'on' THEN 'TRUE' ELSE 'FALSE' END;
    WHEN 'SESSION_USERID', 'CURRENT_USERID' THEN RETURN (SELECT r.oid::text FROM pg_roles AS r WHERE r.rolname = CASE WHEN upper(name) = 'SESSION_USERID' THEN session_user ELSE current_user END);
    WHEN 'OS_USER', 'TERMINAL', 'HOST' THEN RETURN NULL;
    WHEN 'NLS_DATE_LANGUAGE' THEN RETURN 'AMERICAN';
    ELSE
      RAISE EXCEPTION 'the parameter % of USERENV has no equivalent', name USING ERRCODE = '0A000';
  END CASE;
  RETURN CASE WHEN found = lower(found) THEN upper(found) ELSE found END;
END
$$;
