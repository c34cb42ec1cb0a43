package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"godwit/runner/change"
)

// referringSQL lists the foreign keys of other tables that refer to tables, each as a query for the rows that refer to a row.
const referringSQL = `SELECT n.name, format('SELECT FROM %s WHERE %s', c.conrelid::regclass, string_agg(format('%I IS NOT NULL', a.attname), ' AND '))
	FROM unnest($1::text[]) n(name) JOIN pg_catalog.pg_constraint c ON c.contype = 'f' AND c.confrelid = to_regclass(n.name) AND c.conrelid <> c.confrelid
	JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
	WHERE c.conparentid = 0 GROUP BY n.name, c.oid, c.conrelid ORDER BY c.oid`

func referring(ctx context.Context, q querier, tables []*change.Table) (map[string][]string, error) {
	var names []string
	for _, t := range tables {
		names = append(names, targetName(t))
	}
	rows, err := q.Query(ctx, referringSQL, names)
	if err != nil {
		return nil, fmt.Errorf("read the foreign keys: %w", err)
	}
	out := map[string][]string{}
	var name, query string
	if _, err := pgx.ForEachRow(rows, []any{&name, &query}, func() error {
		out[name] = append(out[name], query)
		return nil
	}); err != nil {
		return nil, fmt.Errorf("read the foreign keys: %w", err)
	}
	return out, nil
}

// emptied is the statement for TRUNCATE. PostgreSQL does not truncate a table that foreign keys refer to, whatever rows there
// are; sources do with foreign_key_checks=0, and then leave rows that refer to nothing, which the target cannot have.
func (t *table) emptied() string {
	if len(t.referrers) == 0 {
		return "TRUNCATE TABLE " + t.name
	}
	text := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	body := fmt.Sprintf("BEGIN IF EXISTS (%s) THEN RAISE EXCEPTION USING ERRCODE = 'feature_not_supported', MESSAGE = %s; END IF; DELETE FROM %s; END",
		strings.Join(t.referrers, ") OR EXISTS ("), text("rows of other tables refer to "+t.name+", which the source emptied with foreign_key_checks=0: "+
			"remove those rows on both sides, or exclude these tables (tables.exclude), and start the task again"), t.name)
	return "DO " + text(body)
}
