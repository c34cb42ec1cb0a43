-- The constraints as ALL_CONSTRAINTS shows them (Database Reference, ALL_CONSTRAINTS): keys, foreign keys and checks; NOT NULL is none of its own.
-- needs: dictionary_schemas, source_name
CREATE OR REPLACE VIEW godwit_oracle.all_constraints AS
SELECT s.owner, godwit_oracle.source_name(k.conname) AS constraint_name,
    CASE k.contype WHEN 'p' THEN 'P' WHEN 'u' THEN 'U' WHEN 'f' THEN 'R' ELSE 'C' END AS constraint_type,
    godwit_oracle.source_name(t.relname) AS table_name,
    CASE WHEN k.contype = 'f' THEN godwit_oracle.source_name(m.nspname) END AS r_owner,
    CASE WHEN k.contype = 'f' THEN godwit_oracle.source_name(r.conname) END AS r_constraint_name,
    CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'NO ACTION' END AS delete_rule,
    'ENABLED'::text AS status, CASE WHEN k.condeferrable THEN 'DEFERRABLE' ELSE 'NOT DEFERRABLE' END AS "deferrable",
    CASE WHEN k.condeferred THEN 'DEFERRED' ELSE 'IMMEDIATE' END AS deferred,
    CASE WHEN k.convalidated THEN 'VALIDATED' ELSE 'NOT VALIDATED' END AS validated,
    CASE WHEN k.contype IN ('p', 'u') THEN godwit_oracle.source_name(x.relname) END AS index_name, s.mine
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS t ON t.oid = k.conrelid
JOIN godwit_oracle.dictionary_schemas AS s ON s.schema = k.connamespace
LEFT JOIN pg_catalog.pg_class AS x ON x.oid = k.conindid
LEFT JOIN pg_catalog.pg_constraint AS r ON k.contype = 'f' AND r.conindid = k.conindid AND r.contype IN ('p', 'u')
LEFT JOIN pg_catalog.pg_namespace AS m ON m.oid = r.connamespace
WHERE k.contype IN ('p', 'u', 'f', 'c') AND k.conparentid = 0 AND NOT t.relispartition;
