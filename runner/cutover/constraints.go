package cutover

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// constraint is a constraint of the target that was added without looking at the rows.
type constraint struct{ table, name string }

const notValidSQL = `SELECT c.conrelid::regclass::text, quote_ident(c.conname) FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
	WHERE NOT c.convalidated AND c.conrelid <> 0 AND n.nspname = ANY ($1) ORDER BY 1, 2`

func notValid(ctx context.Context, pool *pgxpool.Pool, schemas []string) ([]constraint, error) {
	rows, err := pool.Query(ctx, notValidSQL, schemas)
	if err != nil {
		return nil, fmt.Errorf("list constraints that are not valid: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (c constraint, err error) {
		err = r.Scan(&c.table, &c.name)
		return c, err
	})
	if err != nil {
		return nil, fmt.Errorf("list constraints that are not valid: %w", err)
	}
	return out, nil
}

// validate lets the server check the rows against every constraint that is not valid yet.
func validate(ctx context.Context, pool *pgxpool.Pool, schemas []string) (int, error) {
	open, err := notValid(ctx, pool, schemas)
	if err != nil {
		return 0, err
	}
	for _, c := range open {
		if _, err := pool.Exec(ctx, "ALTER TABLE "+c.table+" VALIDATE CONSTRAINT "+c.name); err != nil {
			return 0, fmt.Errorf("validate constraint %s of %s: %w; the rows on the source break it, too: correct them there, or drop the constraint", c.name, c.table, err)
		}
	}
	return len(open), nil
}

func invalidIndexes(ctx context.Context, pool *pgxpool.Pool, schemas []string) ([]string, error) {
	rows, err := pool.Query(ctx, `SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE NOT (i.indisvalid AND i.indisready) AND n.nspname = ANY ($1) ORDER BY 1`, schemas)
	if err != nil {
		return nil, fmt.Errorf("list invalid indexes: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("list invalid indexes: %w", err)
	}
	return out, nil
}
