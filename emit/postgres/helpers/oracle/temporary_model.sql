-- The trigger function of models of temporary tables: rows go into the session's own table, which a procedure makes.
CREATE OR REPLACE FUNCTION godwit_oracle.temporary_model() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the session has no temporary table "%" of its own yet', tg_table_name
    USING ERRCODE = '55000', HINT = format('Use CALL make_%s() first.', tg_table_name);
END;
$$;
