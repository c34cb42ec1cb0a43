package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// column is a column of the source with its type there.
type column struct{ name, kind string }

// compare checks every base table of the source against the target: the number
// of rows, and for each column the number of values and a sum over them that
// both servers compute in their own words. It is deliberately not godwit's own
// verification, and weaker: it catches a fault that both would share. It
// returns the numbers of tables and of rows.
func compare(ctx context.Context, source *sql.DB, target string) (int, int64, error) {
	pg, err := pgx.Connect(ctx, target)
	if err != nil {
		return 0, 0, fmt.Errorf("connect to the target: %w", err)
	}
	defer pg.Close(context.WithoutCancel(ctx))
	if _, err := pg.Exec(ctx, "SET timezone = 'UTC'"); err != nil {
		return 0, 0, fmt.Errorf("set the time zone: %w", err)
	}
	tables, err := sourceTables(ctx, source)
	if err != nil {
		return 0, 0, err
	}
	var total int64
	var problems []error
	for name, columns := range tables {
		n, err := compareTable(ctx, source, pg, name, columns)
		if err != nil {
			problems = append(problems, err)
		}
		total += n
	}
	if len(tables) == 0 {
		problems = append(problems, errors.New("the source has no table"))
	}
	return len(tables), total, errors.Join(problems...)
}

func sourceTables(ctx context.Context, db *sql.DB) (map[string][]column, error) {
	const query = `SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
		JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
		WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position`
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("list the source's tables: %w", err)
	}
	defer rows.Close()
	tables := map[string][]column{}
	for rows.Next() {
		var table string
		var c column
		if err := rows.Scan(&table, &c.name, &c.kind); err != nil {
			return nil, fmt.Errorf("list the source's tables: %w", err)
		}
		tables[table] = append(tables[table], c)
	}
	return tables, rows.Err()
}

func compareTable(ctx context.Context, source *sql.DB, pg *pgx.Conn, table string, columns []column) (int64, error) {
	schema, kinds, err := targetTable(ctx, pg, table)
	if err != nil {
		return 0, err
	}
	left, right := []string{"COUNT(*)"}, []string{"COUNT(*)"}
	names := []string{"rows"}
	for _, c := range columns {
		kind, ok := kinds[c.name]
		if !ok {
			return 0, fmt.Errorf("table %s: column %s is missing on the target", table, c.name)
		}
		l, r, err := sums(c, kind)
		if err != nil {
			return 0, fmt.Errorf("table %s: %w", table, err)
		}
		names = append(names, c.name+" (values)", c.name+" (sum)")
		left = append(left, "COUNT(`"+c.name+"`)", "CAST(COALESCE(SUM("+l+"), 0) AS CHAR)")
		right = append(right, fmt.Sprintf("COUNT(%q)", c.name), "COALESCE(SUM("+r+"), 0)::text")
	}
	a, err := one(ctx, source, "SELECT "+strings.Join(left, ", ")+" FROM `"+table+"`", len(names))
	if err != nil {
		return 0, fmt.Errorf("table %s on the source: %w", table, err)
	}
	b, err := onePostgres(ctx, pg, "SELECT "+strings.Join(right, ", ")+" FROM "+pgx.Identifier{schema, table}.Sanitize(), len(names))
	if err != nil {
		return 0, fmt.Errorf("table %s on the target: %w", table, err)
	}
	if err := differences(table, names, a, b); err != nil {
		return 0, err
	}
	return strconv.ParseInt(a[0], 10, 64)
}

func differences(table string, names, a, b []string) error {
	var out []error
	for i, name := range names {
		if a[i] != b[i] {
			out = append(out, fmt.Errorf("table %s, %s: %s on the source, %s on the target", table, name, a[i], b[i]))
		}
	}
	return errors.Join(out...)
}

// targetTable finds the table in whatever schema it was given, and its columns' types.
func targetTable(ctx context.Context, pg *pgx.Conn, table string) (string, map[string]string, error) {
	const query = `SELECT c.table_schema, c.column_name, c.data_type FROM information_schema.columns c
		JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE c.table_name = $1 AND t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema')`
	rows, err := pg.Query(ctx, query, table)
	if err != nil {
		return "", nil, fmt.Errorf("find table %s on the target: %w", table, err)
	}
	defer rows.Close()
	var schema string
	kinds := map[string]string{}
	for rows.Next() {
		var s, name, kind string
		if err := rows.Scan(&s, &name, &kind); err != nil {
			return "", nil, fmt.Errorf("find table %s on the target: %w", table, err)
		}
		if schema != "" && s != schema {
			return "", nil, fmt.Errorf("table %s is on the target in both %s and %s", table, schema, s)
		}
		schema, kinds[name] = s, kind
	}
	if rows.Err() == nil && schema == "" {
		return "", nil, fmt.Errorf("table %s is missing on the target", table)
	}
	return schema, kinds, rows.Err()
}

// sums returns the same number of a column in the words of both servers.
func sums(c column, targetKind string) (mysql, postgres string, err error) {
	m, p := "`"+c.name+"`", pgx.Identifier{c.name}.Sanitize()
	switch c.kind {
	case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year":
		if targetKind == "boolean" {
			return m, p + "::int", nil
		}
		return m, p, nil
	case "date", "datetime", "timestamp":
		return "TIMESTAMPDIFF(SECOND, '1970-01-01', " + m + ")", "floor(extract(epoch from " + p + "))::bigint", nil
	case "tinyblob", "blob", "mediumblob", "longblob", "binary", "varbinary":
		return "LENGTH(" + m + ") * 256 + ASCII(" + m + ")", "length(" + p + ") * 256 + CASE WHEN length(" + p + ") = 0 THEN 0 ELSE get_byte(" + p + ", 0) END", nil
	case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set":
		if targetKind == "ARRAY" {
			p = "array_to_string(" + p + ", ',')"
		}
		// The length in characters, and the first four bytes of the value's MD5.
		return "CHAR_LENGTH(" + m + ") + CAST(CONV(LEFT(MD5(CONVERT(" + m + " USING utf8mb4)), 8), 16, 10) AS UNSIGNED)",
			"char_length(" + p + "::text) + ('x' || lpad(left(md5(" + p + "::text), 8), 16, '0'))::bit(64)::bigint", nil
	}
	return "", "", fmt.Errorf("column %s: no comparison for type %s", c.name, c.kind)
}

func one(ctx context.Context, db *sql.DB, query string, n int) ([]string, error) {
	out, into := make([]string, n), make([]any, n)
	for i := range out {
		into[i] = &out[i]
	}
	return out, db.QueryRowContext(ctx, query).Scan(into...)
}

func onePostgres(ctx context.Context, pg *pgx.Conn, query string, n int) ([]string, error) {
	out, into := make([]string, n), make([]any, n)
	for i := range out {
		into[i] = &out[i]
	}
	// The simple protocol returns every type as text.
	return out, pg.QueryRow(ctx, query, pgx.QueryExecModeSimpleProtocol).Scan(into...)
}
