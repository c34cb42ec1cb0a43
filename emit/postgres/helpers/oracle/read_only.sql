-- The trigger function of views WITH READ ONLY: changing rows through them is an error (Oracle SQL Language Reference, CREATE VIEW).
CREATE OR REPLACE FUNCTION godwit_oracle.read_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ORA-42399: cannot perform a DML operation on a read-only view' USING ERRCODE = '55000';
END;
$$;
