-- The columns of tables and views as information_schema.COLUMNS shows them. Types have the source's names as far as the target's tell them.
-- needs: information_tables, information_keys
CREATE OR REPLACE VIEW godwit_mysql.information_columns AS
SELECT t.table_catalog, t.table_schema, t.table_name, a.attname::text AS column_name,
    row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum) AS ordinal_position,
    CASE WHEN a.attnotnull THEN 'NO' ELSE 'YES' END COLLATE "C" AS is_nullable,
    CASE y.typname
        WHEN 'int2' THEN 'smallint' WHEN 'int4' THEN 'int' WHEN 'int8' THEN 'bigint' WHEN 'numeric' THEN 'decimal'
        WHEN 'float4' THEN 'float' WHEN 'float8' THEN 'double' WHEN 'bpchar' THEN 'char' WHEN 'timestamp' THEN 'datetime'
        WHEN 'timestamptz' THEN 'timestamp' WHEN 'interval' THEN 'time' WHEN 'bytea' THEN 'blob' WHEN 'jsonb' THEN 'json'
        ELSE CASE WHEN y.typtype = 'e' THEN 'enum' ELSE y.typname::text END
    END COLLATE "C" AS data_type,
    CASE WHEN y.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN (a.atttypmod - 4)::bigint END AS character_maximum_length,
    CASE
        WHEN EXISTS (SELECT FROM godwit_mysql.information_keys AS k WHERE k.relation = a.attrelid AND k.column_name = a.attname AND k.is_primary) THEN 'PRI'
        WHEN EXISTS (SELECT FROM godwit_mysql.information_keys AS k WHERE k.relation = a.attrelid AND k.column_name = a.attname AND k.is_unique AND k.width = 1) THEN 'UNI'
        WHEN EXISTS (SELECT FROM godwit_mysql.information_keys AS k WHERE k.relation = a.attrelid AND k.column_name = a.attname AND k.seq_in_index = 1) THEN 'MUL'
        ELSE ''
    END COLLATE "C" AS column_key,
    CASE WHEN a.attidentity <> '' THEN 'auto_increment' WHEN a.attgenerated = 's' THEN 'STORED GENERATED' WHEN a.attgenerated = 'v' THEN 'VIRTUAL GENERATED' ELSE '' END COLLATE "C" AS extra,
    coalesce(col_description(a.attrelid, a.attnum), '') COLLATE "C" AS column_comment
FROM pg_catalog.pg_attribute AS a
JOIN godwit_mysql.information_tables AS t ON t.relation = a.attrelid
JOIN pg_catalog.pg_type AS y ON y.oid = a.atttypid
WHERE a.attnum > 0 AND NOT a.attisdropped;
