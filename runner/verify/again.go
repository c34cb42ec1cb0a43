package verify

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"

	"godwit/ir/catalog"
	"godwit/runner/change"
)

// waits are the times before a comparison whose connection was lost is tried again: a server that restarts costs time and nothing
// else, as it does the stream beside which rows are compared.
var waits = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second, 30 * time.Second}

// Again calls f, and again as long as its connections are lost. told, if it is there, hears of each try that failed.
func Again(ctx context.Context, told func(err error, wait time.Duration), f func() error) error {
	for try := 0; ; try++ {
		err := f()
		if err == nil || try == len(waits) || !interrupted(err) || ctx.Err() != nil {
			return err
		}
		if told != nil {
			told(err, waits[try])
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(waits[try]):
		}
	}
}

// compare compares a table, as often as connections are lost; before tells that an earlier run had done it.
func (v *verifier) compare(ctx context.Context, t *catalog.Table, out *Table) (before bool, err error) {
	fresh := *out
	err = Again(ctx, nil, func() error {
		*out = fresh
		p, err := newPlan(ctx, v.pool, t, v.o.Values)
		if err != nil {
			return err
		}
		out.Keyless = len(p.key) == 0
		before, err = v.walk(ctx, p, out)
		return err
	})
	return before, err
}

// interrupted tells an error of the connection, or of a server that goes or comes, from what is wrong with a table.
func interrupted(err error) bool {
	var my *mysql.MySQLError
	if errors.As(err, &my) {
		switch my.Number {
		case 1040, 1053, 1077, 1158, 1159, 1160, 1161, 1203, 1205, 1213, 1317, 1927, 3168, 3169:
			return true
		}
		return false
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return strings.HasPrefix(pg.Code, "08") || strings.HasPrefix(pg.Code, "53") || strings.HasPrefix(pg.Code, "57P") || pg.Code == "40001" || pg.Code == "40P01"
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var ne net.Error
	var ce *pgconn.ConnectError
	return change.IsTransient(err) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysql.ErrInvalidConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.As(err, &ne) || errors.As(err, &ce) ||
		strings.Contains(err.Error(), "conn closed")
}
