-- The sequences as ALL_SEQUENCES shows them (Database Reference, ALL_SEQUENCES); those of identity columns are left out.
-- needs: dictionary_schemas, source_name
CREATE OR REPLACE VIEW godwit_oracle.all_sequences AS
SELECT s.owner AS sequence_owner, godwit_oracle.source_name(c.relname) AS sequence_name, q.seqmin::numeric AS min_value, q.seqmax::numeric AS max_value,
    q.seqincrement::numeric AS increment_by, CASE WHEN q.seqcycle THEN 'Y' ELSE 'N' END AS cycle_flag, q.seqcache::numeric AS cache_size,
    coalesce(pg_catalog.pg_sequence_last_value(c.oid) + q.seqincrement, q.seqstart)::numeric AS last_number, s.mine
FROM pg_catalog.pg_sequence AS q
JOIN pg_catalog.pg_class AS c ON c.oid = q.seqrelid
JOIN godwit_oracle.dictionary_schemas AS s ON s.schema = c.relnamespace
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i');
