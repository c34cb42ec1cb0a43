-- The columns of indexes as ALL_IND_COLUMNS shows them (Database Reference, ALL_IND_COLUMNS).
-- needs: dictionary_schemas, source_name
CREATE OR REPLACE VIEW godwit_oracle.all_ind_columns AS
SELECT s.owner AS index_owner, godwit_oracle.source_name(c.relname) AS index_name, s.owner AS table_owner, godwit_oracle.source_name(t.relname) AS table_name,
    godwit_oracle.source_name(coalesce(b.attname, a.attname)) AS column_name, k.place::numeric AS column_position,
    CASE WHEN (i.indoption[k.place - 1] & 1) = 1 THEN 'DESC' ELSE 'ASC' END AS descend, s.mine
FROM pg_catalog.pg_index AS i
CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indexrelid AND a.attnum = k.place
LEFT JOIN pg_catalog.pg_attribute AS b ON b.attrelid = i.indrelid AND b.attnum = k.attnum AND k.attnum > 0
JOIN godwit_oracle.dictionary_schemas AS s ON s.schema = c.relnamespace
WHERE k.place <= i.indnkeyatts AND NOT t.relispartition;
