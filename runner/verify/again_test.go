package verify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"

	"godwit/ir/catalog"
	"godwit/runner/enginetest"
)

// TestConnectionsLost: a comparison whose connections are cut at either end goes on by itself, and finds what differs.
func TestConnectionsLost(t *testing.T) {
	p := newPair(t, enginetest.FreshMariaDB)
	tables := []*catalog.Table{p.wide(t, "wide", true, false, 60_000)}
	p.target(t, "UPDATE wide SET v = 'other' WHERE id = 50000")
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	type end struct {
		rep *Report
		err error
	}
	ended := make(chan end, 1)
	go func() {
		rep, err := Run(ctx, p.my, p.pg, tables, Options{ChunkRows: 100, Parallel: 2})
		ended <- end{rep, err}
	}()
	cut := 0
	for i := range 4 {
		time.Sleep(300 * time.Millisecond)
		if i%2 == 0 {
			cut += p.cutSource(t)
			continue
		}
		var n int
		if err := p.pg.QueryRow(ctx, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").Scan(&n); err != nil {
			t.Fatal(err)
		}
		cut += n
	}
	e := <-ended
	if e.err != nil {
		t.Fatal(e.err)
	}
	if got := listed(e.rep.Tables[0]); e.rep.Tables[0].State != Different || !cmp.Equal(got, []string{"mismatch 50000 v"}) || cut == 0 {
		t.Errorf("%d connections were cut: %+v, %v", cut, e.rep.Tables[0], got)
	}
}

func (p pair) cutSource(t *testing.T) (n int) {
	t.Helper()
	c, err := p.my.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	rows, err := c.QueryContext(context.Background(), "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if _, err := c.ExecContext(context.Background(), "KILL "+id); err == nil || strings.Contains(err.Error(), "Unknown thread") {
			n++
		}
	}
	return n
}

// TestInterrupted: only what goes away is tried again.
func TestInterrupted(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{mysql.ErrInvalidConn, true}, {&mysql.MySQLError{Number: 1053}, true}, {&mysql.MySQLError{Number: 1146}, false}, {&mysql.MySQLError{Number: 1142}, false},
		{&pgconn.PgError{Code: "57P01"}, true}, {&pgconn.PgError{Code: "42501"}, false}, {context.Canceled, false}, {errors.New("else"), false}, {ErrUnverifiable, false},
	} {
		if got := interrupted(fmt.Errorf("source: %w", c.err)); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}
