package mysql_test

import (
	"context"
	"database/sql"
	"io"
	"log/slog"
	"testing"

	"godwit/runner/endpoint"
	"godwit/runner/enginetest"
	"godwit/runner/migrate"
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
