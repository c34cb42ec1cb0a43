-- The tables as ALL_TABLES shows them (Database Reference, ALL_TABLES); a materialized view has one, and partitions are none of their own.
-- needs: dictionary_schemas, source_name
CREATE OR REPLACE VIEW godwit_oracle.all_tables AS
SELECT s.owner, godwit_oracle.source_name(c.relname) AS table_name, 'VALID'::text AS status,
    CASE WHEN c.relpersistence = 't' OR EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid WHERE t.tgrelid = c.oid AND p.proname = 'temporary_model'
    ) THEN 'Y' ELSE 'N' END AS temporary,
    CASE WHEN c.relkind = 'p' THEN 'YES' ELSE 'NO' END AS partitioned,
    CASE WHEN c.reltuples >= 0 THEN c.reltuples::numeric END AS num_rows,
    greatest(pg_catalog.pg_stat_get_last_analyze_time(c.oid), pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid))::timestamp(0) AS last_analyzed,
    NULL::text AS iot_type, 'NO'::text AS nested, 'N'::text AS secondary, 'NO'::text AS dropped, s.mine
FROM pg_catalog.pg_class AS c JOIN godwit_oracle.dictionary_schemas AS s ON s.schema = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f', 'm') AND NOT c.relispartition;
