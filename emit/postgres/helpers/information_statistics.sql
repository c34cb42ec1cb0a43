-- The columns of indexes as information_schema.STATISTICS shows them.
-- needs: information_keys
CREATE OR REPLACE VIEW godwit_mysql.information_statistics AS
SELECT table_catalog, table_schema, table_name, CASE WHEN is_unique THEN 0 ELSE 1 END::bigint AS non_unique, table_schema AS index_schema,
    index_name, seq_in_index, column_name, NULL::bigint AS sub_part, index_type, coalesce(comment, '') COLLATE "C" AS index_comment
FROM godwit_mysql.information_keys;
