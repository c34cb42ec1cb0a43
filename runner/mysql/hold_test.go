package mysql_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/endpoint"
	"godwit/runner/enginetest"
	"godwit/runner/mysql"
	"godwit/runner/sourcetest"
)

// TestSchemaChangesWait: tables whose names change while a snapshot is open would be read under each other's names, without an
// error. Schema changes wait from before the snapshot, also of tables that no reader has read; writes do not.
func TestSchemaChangesWait(t *testing.T) {
	for name, open := range map[string]func(testing.TB, string) (string, *sql.DB){"mariadb": enginetest.FreshMariaDB,
		"mariadb114": enginetest.FreshMariaDB114, "mysql80": enginetest.FreshMySQL80, "mysql57": enginetest.FreshMySQL57} {
		for _, noLock := range []bool{false, true} {
			t.Run(fmt.Sprint(name, noLock), func(t *testing.T) { schemaChangesWait(t, noLock, open) })
		}
	}
}

func schemaChangesWait(t *testing.T, noLock bool, open func(testing.TB, string) (string, *sql.DB)) {
	url, db := open(t, "hold")
	ep, err := endpoint.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	src, err := mysql.Open(ctx, ep, mysql.Options{NoLock: noLock, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	db.SetMaxOpenConns(1)
	exec := func(q string) error {
		_, err := db.Exec(q)
		return err
	}
	var tables []*change.Table
	for i, name := range []string{"a", "b"} {
		if err := errors.Join(exec("CREATE TABLE "+name+" (id INT PRIMARY KEY)"), exec(fmt.Sprintf("INSERT INTO %s VALUES (%d)", name, i))); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, sourcetest.Table(t, ep.Database, name, []string{"id"}, sourcetest.Column("id", types.Int{Bits: 32})))
	}
	sn, err := src.Snapshot(ctx, tables, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer sn.Close()
	if err := errors.Join(exec("SET SESSION lock_wait_timeout=1"), exec("INSERT INTO a VALUES (7)")); err != nil {
		t.Fatal(err)
	}
	const swap = "RENAME TABLE a TO c, b TO a, c TO b"
	var my *driver.MySQLError
	if err := exec(swap); !errors.As(err, &my) || my.Number != 1205 {
		t.Errorf("beside a snapshot: %v", err)
	}
	for w := range 2 {
		n := 0
		for b, err := range sn.Read(ctx, w, change.Chunk{Table: tables[0]}) {
			if err != nil {
				t.Fatal(err)
			}
			n += b.Rows()
		}
		if n != 1 {
			t.Errorf("reader %d: %d rows", w, n)
		}
	}
	sn.Close()
	if err := exec("SET SESSION lock_wait_timeout=20"); err != nil {
		t.Fatal(err)
	}
	if err := exec(swap); err != nil {
		t.Errorf("behind the snapshot: %v", err)
	}
}
