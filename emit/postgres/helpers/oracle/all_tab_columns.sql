-- The columns of tables and views as ALL_TAB_COLUMNS shows them (Database Reference, ALL_TAB_COLUMNS); types are those of the source that fit the target's best.
-- needs: dictionary_schemas, source_name
CREATE OR REPLACE VIEW godwit_oracle.all_tab_columns AS
SELECT s.owner, godwit_oracle.source_name(c.relname) AS table_name, godwit_oracle.source_name(a.attname) AS column_name,
    (row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum))::numeric AS column_id,
    CASE WHEN a.attnotnull THEN 'N' ELSE 'Y' END AS nullable,
    CASE WHEN t.typname IN ('int2', 'int4', 'int8', 'numeric') THEN 'NUMBER'
        WHEN t.typname = 'varchar' THEN 'VARCHAR2'
        WHEN t.typname = 'bpchar' THEN 'CHAR'
        WHEN t.typname = 'text' THEN 'CLOB'
        WHEN t.typname = 'bytea' THEN 'BLOB'
        WHEN t.typname = 'timestamp' AND a.atttypmod = 0 OR t.typname = 'date' THEN 'DATE'
        WHEN t.typname = 'timestamp' THEN 'TIMESTAMP(' || CASE WHEN a.atttypmod < 0 THEN 6 ELSE a.atttypmod END || ')'
        WHEN t.typname = 'timestamptz' THEN 'TIMESTAMP(' || CASE WHEN a.atttypmod < 0 THEN 6 ELSE a.atttypmod END || ') WITH TIME ZONE'
        WHEN t.typname = 'float4' THEN 'BINARY_FLOAT'
        WHEN t.typname = 'float8' THEN 'BINARY_DOUBLE'
        WHEN t.typname = 'bool' THEN 'BOOLEAN'
        WHEN t.typname = 'xml' THEN 'XMLTYPE'
        ELSE godwit_oracle.source_name(t.typname) END AS data_type,
    CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4
        WHEN t.typname = 'timestamp' AND a.atttypmod = 0 THEN 7
        WHEN t.typname IN ('int2', 'int4', 'int8', 'numeric') THEN 22 END::numeric AS data_length,
    CASE WHEN t.typname = 'numeric' AND a.atttypmod > 4 THEN (a.atttypmod - 4) >> 16
        WHEN t.typname = 'int2' THEN 4 WHEN t.typname = 'int4' THEN 9 WHEN t.typname = 'int8' THEN 18 END::numeric AS data_precision,
    CASE WHEN t.typname = 'numeric' AND a.atttypmod > 4 THEN ((a.atttypmod - 4) & 2047 # 1024) - 1024
        WHEN t.typname IN ('int2', 'int4', 'int8') THEN 0
        WHEN t.typname = 'timestamp' AND a.atttypmod <> 0 THEN CASE WHEN a.atttypmod < 0 THEN 6 ELSE a.atttypmod END END::numeric AS data_scale,
    CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 ELSE 0 END::numeric AS char_length,
    CASE WHEN a.attidentity <> '' THEN 'YES' ELSE 'NO' END AS identity_column,
    'NO'::text AS hidden_column, CASE WHEN a.attgenerated <> '' THEN 'YES' ELSE 'NO' END AS virtual_column, s.mine
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
JOIN godwit_oracle.dictionary_schemas AS s ON s.schema = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'm', 'v') AND NOT c.relispartition;
