-- The columns of constraints as ALL_CONS_COLUMNS shows them (Database Reference, ALL_CONS_COLUMNS); those of checks have no position.
-- needs: dictionary_schemas, source_name
CREATE OR REPLACE VIEW godwit_oracle.all_cons_columns AS
SELECT s.owner, godwit_oracle.source_name(k.conname) AS constraint_name, godwit_oracle.source_name(t.relname) AS table_name,
    godwit_oracle.source_name(a.attname) AS column_name, CASE WHEN k.contype <> 'c' THEN u.place::numeric END AS position, s.mine
FROM pg_catalog.pg_constraint AS k
CROSS JOIN LATERAL unnest(k.conkey) WITH ORDINALITY AS u (attnum, place)
JOIN pg_catalog.pg_class AS t ON t.oid = k.conrelid
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.attnum
JOIN godwit_oracle.dictionary_schemas AS s ON s.schema = k.connamespace
WHERE k.contype IN ('p', 'u', 'f', 'c') AND k.conparentid = 0 AND NOT t.relispartition;
