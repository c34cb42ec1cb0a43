-- The schemas whose objects the data dictionary shows, all but those of the server and of helper routines; mine tells the current one, which stands for the user.
-- needs: source_name
CREATE OR REPLACE VIEW godwit_oracle.dictionary_schemas AS
SELECT n.oid AS schema, godwit_oracle.source_name(n.nspname) AS owner, n.nspname = current_schema() AS mine
FROM pg_catalog.pg_namespace AS n
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND n.oid <> (SELECT p.pronamespace FROM pg_catalog.pg_proc AS p WHERE p.oid = 'godwit_oracle.source_name(text)'::regprocedure);
