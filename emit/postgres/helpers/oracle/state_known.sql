-- Whether a variable of the session was set (PL/SQL Language Reference, Package Instantiation and Initialization).
CREATE OR REPLACE FUNCTION godwit_oracle.state_known(name text) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN EXISTS (SELECT FROM pg_prepared_statements AS p WHERE p.name = 'godwit ' || CASE WHEN octet_length(state_known.name) > 56 THEN left(state_known.name, 24) || md5(state_known.name) ELSE state_known.name END);
END
$$;
