package mysql_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"testing"

	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/endpoint"
	"godwit/runner/enginetest"
	"godwit/runner/migrate"
	"godwit/runner/mysql"
	"godwit/runner/sourcetest"
)

func TestSourceMariaDB(t *testing.T) { suite(t, "mariadb", "auto", enginetest.FreshMariaDB) }
func TestSourceMariaDBWithoutLock(t *testing.T) {
	suite(t, "mariadb", "never", enginetest.FreshMariaDB)
}
func TestSourceMySQL80(t *testing.T)            { suite(t, "mysql", "auto", enginetest.FreshMySQL80) }
func TestSourceMySQL80WithoutLock(t *testing.T) { suite(t, "mysql", "never", enginetest.FreshMySQL80) }
func TestSourceMariaDB114(t *testing.T)         { suite(t, "mariadb", "auto", enginetest.FreshMariaDB114) }
func TestSourceMariaDB114WithoutLock(t *testing.T) {
	suite(t, "mariadb", "never", enginetest.FreshMariaDB114)
}
func TestSourceMySQL57(t *testing.T)            { suite(t, "mysql", "auto", enginetest.FreshMySQL57) }
func TestSourceMySQL57WithoutLock(t *testing.T) { suite(t, "mysql", "never", enginetest.FreshMySQL57) }

func suite(t *testing.T, family, lock string, open func(testing.TB, string) (string, *sql.DB)) {
	url, db := open(t, "source")
	ep, err := endpoint.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("SET NAMES utf8mb4; SET SESSION sql_mode='NO_BACKSLASH_ESCAPES', time_zone='+00:00'"); err != nil {
		t.Fatal(err)
	}
	task := migrate.Task{Name: "suite", Source: migrate.Endpoint{URL: url}}
	task.Load.Lock = lock
	sourcetest.Run(t, sourcetest.Harness{
		Family: family, Schema: ep.Database,
		Exec: func(s string) error {
			_, err := db.Exec(s)
			return err
		},
		Open: func(ctx context.Context) (migrate.Source, error) {
			return migrate.OpenSource(ctx, &task, slog.New(slog.NewTextHandler(io.Discard, nil)))
		},
	})
}

// TestColumnSinceTheSchemaWasRead: a column that came after the schema was read would not be copied, so the snapshot is
// refused.
func TestColumnSinceTheSchemaWasRead(t *testing.T) {
	url, db := enginetest.FreshMariaDB(t, "shape")
	ep, err := endpoint.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	src, err := mysql.Open(ctx, ep, mysql.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	tables := []*change.Table{sourcetest.Table(t, ep.Database, "a", []string{"id"}, sourcetest.Column("id", types.Int{Bits: 32}))}
	for _, c := range []struct {
		sql  string
		want error
	}{{"CREATE TABLE a (id INT PRIMARY KEY)", nil}, {"ALTER TABLE a ADD COLUMN b INT", mysql.ErrSchema}, {"DROP TABLE a", mysql.ErrSchema}} {
		if _, err := db.Exec(c.sql); err != nil {
			t.Fatal(err)
		}
		sn, err := src.Snapshot(ctx, tables, 1)
		if !errors.Is(err, c.want) {
			t.Errorf("after %s: %v", c.sql, err)
		}
		if err == nil {
			sn.Close()
		}
	}
}
