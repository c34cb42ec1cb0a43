-- The triggers as ALL_TRIGGERS shows them (Database Reference, ALL_TRIGGERS).
-- needs: dictionary_schemas, source_name
CREATE OR REPLACE VIEW godwit_oracle.all_triggers AS
SELECT s.owner, godwit_oracle.source_name(t.tgname) AS trigger_name,
    CASE WHEN t.tgtype & 64 <> 0 THEN 'INSTEAD OF' ELSE CASE WHEN t.tgtype & 2 <> 0 THEN 'BEFORE' ELSE 'AFTER' END || CASE WHEN t.tgtype & 1 <> 0 THEN ' EACH ROW' ELSE ' STATEMENT' END END AS trigger_type,
    concat_ws(' OR ', CASE WHEN t.tgtype & 4 <> 0 THEN 'INSERT' END, CASE WHEN t.tgtype & 16 <> 0 THEN 'UPDATE' END, CASE WHEN t.tgtype & 8 <> 0 THEN 'DELETE' END) AS triggering_event,
    s.owner AS table_owner, CASE WHEN c.relkind = 'v' THEN 'VIEW' ELSE 'TABLE' END AS base_object_type, godwit_oracle.source_name(c.relname) AS table_name,
    CASE WHEN t.tgenabled = 'D' THEN 'DISABLED' ELSE 'ENABLED' END AS status, s.mine
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
JOIN godwit_oracle.dictionary_schemas AS s ON s.schema = c.relnamespace
WHERE NOT t.tgisinternal AND t.tgparentid = 0;
