-- Stands at the end of an autonomous routine that may have changed something without COMMIT or ROLLBACK behind it: the error of the source (PL/SQL Language Reference, Autonomous Transactions).
-- What changes or locks rows gives the transaction its number.
CREATE OR REPLACE FUNCTION godwit_oracle.autonomous_end() RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF pg_catalog.pg_current_xact_id_if_assigned() IS NOT NULL THEN
    RAISE EXCEPTION 'ORA-06519: active autonomous transaction detected and rolled back' USING ERRCODE = '25000';
  END IF;
END
$$;
