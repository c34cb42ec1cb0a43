package check

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// MySQL runs queries on a source.
type MySQL struct{ DB *sql.DB }

// Query runs one query.
func (m MySQL) Query(ctx context.Context, q string, args ...any) ([][]string, error) {
	rows, err := m.DB.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out [][]string
	for rows.Next() {
		vals, ptrs := make([]sql.NullString, len(cols)), make([]any, len(cols))
		for i := range vals {
			ptrs[i] = &vals[i]
		}
		if err := rows.Scan(ptrs...); err != nil {
			return nil, err
		}
		row := make([]string, len(cols))
		for i, v := range vals {
			row[i] = v.String
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// Postgres runs queries on a target.
type Postgres struct{ Pool *pgxpool.Pool }

// Query runs one query.
func (p Postgres) Query(ctx context.Context, q string, args ...any) ([][]string, error) {
	params := append([]any{pgx.QueryExecModeExec, pgx.QueryResultFormats{pgx.TextFormatCode}}, args...)
	rows, err := p.Pool.Query(ctx, q, params...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out [][]string
	for rows.Next() {
		raw := rows.RawValues()
		row := make([]string, len(raw))
		for i, v := range raw {
			row[i] = string(v)
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

var (
	_ Querier = MySQL{}
	_ Querier = Postgres{}
)
