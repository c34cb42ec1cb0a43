package mysql_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"godwit/ir/catalog"
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

// TestHostileLog: what a session without binlog_format=ROW leaves in the log is told from what it says at first sight, and
// names are the server's.
func TestHostileLog(t *testing.T) {
	for name, open := range map[string]func(testing.TB, string) (string, *sql.DB){
		"mariadb": enginetest.FreshMariaDB, "mysql80": enginetest.FreshMySQL80, "mysql57": enginetest.FreshMySQL57, "mariadb114": enginetest.FreshMariaDB114,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, db := open(t, "hostile")
			db.SetMaxOpenConns(1)
			ep, err := endpoint.Parse(url)
			if err != nil {
				t.Fatal(err)
			}
			h := hostile{t: t, ep: ep, db: db}
			h.exec("CREATE TABLE a (id INT PRIMARY KEY, s LONGTEXT)", "CREATE TABLE A (id INT PRIMARY KEY, s LONGTEXT)")
			// A transaction of more than one piece, rolled back; MariaDB logs it for its temporary table.
			got, err := h.follow("SET SESSION binlog_format='MIXED'", "BEGIN", "CREATE TEMPORARY TABLE other (x INT)",
				"INSERT INTO a SELECT q.n, CONCAT(UUID(), REPEAT('x', 700000)) FROM (SELECT 1 n UNION ALL SELECT 2) q", "ROLLBACK",
				"DROP TEMPORARY TABLE IF EXISTS other", "SET SESSION binlog_format='ROW'", "INSERT INTO a VALUES (3, 'end')")
			if err == nil && strings.Join(got, " ") != "insert:a" || err != nil && !errors.Is(err, mysql.ErrRefused) {
				t.Errorf("a transaction that was rolled back: %v %v", got, err)
			}
			// A temporary table hides a moved one, from a session that began before the stream, too.
			_, err = h.follow("SET SESSION binlog_format='MIXED'", "CREATE TEMPORARY TABLE a (x INT)", "TRUNCATE a", "DROP TEMPORARY TABLE a",
				"SET SESSION binlog_format='ROW'", "INSERT INTO a VALUES (4, 'end')")
			if family := name[:5]; err == nil && family == "maria" || err != nil && !errors.Is(err, mysql.ErrRefused) {
				t.Errorf("a temporary table: %v", err)
			}
			h.exec("SET SESSION binlog_format='MIXED'", "CREATE TEMPORARY TABLE a (x INT)")
			got, err = h.follow("TRUNCATE a", "DROP TEMPORARY TABLE a", "SET SESSION binlog_format='ROW'", "INSERT INTO a VALUES (5, 'end')")
			if err == nil && strings.Join(got, " ") != "insert:a" || err != nil && !errors.Is(err, mysql.ErrRefused) {
				t.Errorf("a temporary table that was there before: %v %v", got, err)
			}
			got, err = h.follow("TRUNCATE A", "DROP TABLE A", "INSERT INTO a VALUES (6, 'end')")
			if err != nil || strings.Join(got, " ") != "insert:a" {
				t.Errorf("a table whose name differs by case: %v %v", got, err)
			}
			if name[:5] == "maria" {
				got, err = h.follow("SET SESSION binlog_alter_two_phase=1", "ALTER TABLE a ADD UNIQUE (id)", "DELETE FROM a",
					"INSERT INTO a VALUES (1, 'x'), (2, 'x')", "ALTER TABLE a ADD UNIQUE (s(1))", "INSERT INTO a VALUES (6, 'end')")
				if err != nil || strings.Join(got, " ") != "DDL:a delete:a insert:a insert:a" {
					t.Errorf("ALTER TABLE in two phases: %v %v", got, err)
				}
				got, err = h.follow("CREATE INDEX i ON a (s(5))", "ALTER TABLE a DROP INDEX i", "CREATE OR REPLACE TABLE a (id INT PRIMARY KEY)", "DROP TABLE a")
				if err != nil || strings.Join(got, " ") != "DDL:a DDL:a DDL:a DDL:a" {
					t.Errorf("statements that are marked as those of temporary tables: %v %v", got, err)
				}
			}
		})
	}
}

// TestSignsBehindYear: whether numbers are signed is read from the right bits of the log.
func TestSignsBehindYear(t *testing.T) {
	for name, open := range map[string]func(testing.TB, string) (string, *sql.DB){"mariadb": enginetest.FreshMariaDB, "mariadb114": enginetest.FreshMariaDB114, "mysql80": enginetest.FreshMySQL80} {
		t.Run(name, func(t *testing.T) {
			url, db := open(t, "signs")
			db.SetMaxOpenConns(1)
			ep, err := endpoint.Parse(url)
			if err != nil {
				t.Fatal(err)
			}
			h := hostile{t: t, ep: ep, db: db, columns: []*catalog.Column{
				sourcetest.Column("y", types.Year{}), sourcetest.Column("id", types.Int{Bits: 32}), sourcetest.Column("b", types.Bit{N: 9}),
				sourcetest.Column("y2", types.Year{}), sourcetest.Column("u", types.Int{Bits: 32, Unsigned: true}), sourcetest.Column("d", types.Decimal{Precision: 3, Scale: 1}),
				sourcetest.Column("v", types.Int{Bits: 8, Unsigned: true}), sourcetest.Column("f", types.Float{Bits: 64}), sourcetest.Column("w", types.Int{Bits: 64})}}
			h.exec("CREATE TABLE a (y YEAR, id INT PRIMARY KEY, b BIT(9), y2 YEAR, u INT UNSIGNED, d DECIMAL(3,1), v TINYINT UNSIGNED, f DOUBLE, w BIGINT)")
			if got, err := h.follow("INSERT INTO a VALUES (2000, 1, 1, 2001, 4294967295, -1, 255, -1, -1)"); err != nil || strings.Join(got, " ") != "insert:a" {
				t.Errorf("%v %v", got, err)
			}
		})
	}
}

// hostile is a source whose table a is followed.
type hostile struct {
	t  *testing.T
	ep *endpoint.Endpoint
	db *sql.DB
	// columns of the table; nil: id and s
	columns []*catalog.Column
}

func (h hostile) exec(list ...string) {
	h.t.Helper()
	for _, q := range list {
		_, err := h.db.Exec(q)
		if fails := strings.Contains(q, "s(1)"); err == nil && fails {
			h.t.Fatalf("%s does not fail", q)
		} else if err != nil && !fails && !strings.Contains(err.Error(), "GTID consistency") {
			h.t.Fatalf("%s: %v", q, err)
		}
	}
}

// follow runs statements and reads the changes that the log holds of them, up to the first error or the end.
func (h hostile) follow(list ...string) ([]string, error) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	src, err := mysql.Open(ctx, h.ep, mysql.Options{})
	if err != nil {
		h.t.Fatal(err)
	}
	defer src.Close()
	from, err := src.Position(ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	h.exec(list...)
	end, err := src.Position(ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	if h.columns == nil {
		h.columns = []*catalog.Column{sourcetest.Column("id", types.Int{Bits: 32}), sourcetest.Column("s", types.Text{MaxBytes: 1<<32 - 1, Charset: "utf8mb4"})}
	}
	table := sourcetest.Table(h.t, h.ep.Database, "a", []string{"id"}, h.columns...)
	out, ended := make(chan *change.Tx), make(chan error, 1)
	go func() { ended <- src.Stream(ctx, from, []*change.Table{table}, out) }()
	var got []string
	for {
		select {
		case err := <-ended:
			return got, err
		case tx := <-out:
			for _, c := range tx.Changes {
				got = append(got, c.Kind.String()+":"+c.Table.Catalog.Name)
			}
			if tx.Position != nil && tx.Position.Covers(end) {
				return got, nil
			}
		}
	}
}
