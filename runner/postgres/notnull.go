package postgres

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// NullRefused tells which column refused to hold NULL; ok is false for any other error.
func NullRefused(err error) (schema, table, column string, ok bool) {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Code != "23502" {
		return "", "", "", false
	}
	return pg.SchemaName, pg.TableName, pg.ColumnName, true
}
