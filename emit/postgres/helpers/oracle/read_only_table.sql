-- The trigger function of tables that are READ ONLY: changing their rows is an error (Oracle SQL Language Reference, ALTER TABLE, READ ONLY).
CREATE OR REPLACE FUNCTION godwit_oracle.read_only_table() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ORA-12081: update operation not allowed on table "%"', tg_table_name USING ERRCODE = '55000';
END;
$$;
