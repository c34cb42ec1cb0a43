// Package enginetest gives tests their database servers. Only test files
// import it.
//
// scripts/test starts the servers and names them in the environment, one URL
// each: GODWIT_TEST_MARIADB, GODWIT_TEST_MYSQL80, GODWIT_TEST_MYSQL57,
// GODWIT_TEST_MARIADB114, and GODWIT_TEST_PG15 to GODWIT_TEST_PG18; the command
// that starts them in GODWIT_TEST_ENGINES, for tests that kill servers. A test
// that asks for a server that is not there is skipped by name with the reason.
// With GODWIT_TEST_REQUIRE=1 MariaDB and PostgreSQL 15 are never skipped: the
// test fails instead.
package enginetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
)

// setupLimit bounds the creation and the removal of a test database.
const setupLimit = 60 * time.Second

// MariaDB returns the administrator's URL of the MariaDB 10.11 server.
func MariaDB(t testing.TB) string {
	t.Helper()
	return find(t, "mariadb", "GODWIT_TEST_MARIADB", true)
}

// MySQL80 returns the administrator's URL of the MySQL 8.0 server.
func MySQL80(t testing.TB) string {
	t.Helper()
	return find(t, "mysql80", "GODWIT_TEST_MYSQL80", false)
}

// MySQL57 returns the administrator's URL of the MySQL 5.7 server.
func MySQL57(t testing.TB) string {
	t.Helper()
	return find(t, "mysql57", "GODWIT_TEST_MYSQL57", false)
}

// MariaDB114 returns the administrator's URL of the MariaDB 11.4 server.
func MariaDB114(t testing.TB) string {
	t.Helper()
	return find(t, "mariadb114", "GODWIT_TEST_MARIADB114", false)
}

// Postgres returns the superuser's URL of the PostgreSQL server of a major
// version, 15 to 18.
func Postgres(t testing.TB, version int) string {
	t.Helper()
	return find(t, fmt.Sprintf("pg%d", version), fmt.Sprintf("GODWIT_TEST_PG%d", version), version == 15)
}

// PostgresVersions are the major versions whose servers are there, oldest
// first; at least 15, or the test is skipped or fails as with Postgres.
func PostgresVersions(t testing.TB) []int {
	t.Helper()
	Postgres(t, 15)
	versions := []int{15}
	for _, v := range []int{16, 17, 18} {
		if os.Getenv(fmt.Sprintf("GODWIT_TEST_PG%d", v)) != "" {
			versions = append(versions, v)
		}
	}
	return versions
}

// find reads the environment and decides between URL, skip and failure.
func find(t testing.TB, name, env string, required bool) string {
	t.Helper()
	if u := os.Getenv(env); u != "" {
		return u
	}
	if required && os.Getenv("GODWIT_TEST_REQUIRE") == "1" {
		t.Fatalf("%s: %s is not set, and GODWIT_TEST_REQUIRE=1 forbids to skip it; run the tests with scripts/test", name, env)
	}
	t.Skipf("skipped: %s: %s", name, reason(name, env, os.Getenv("GODWIT_TEST_SKIPPED")))
	return ""
}

// reason finds why the engine was skipped in the list "name: reason; ...".
func reason(name, env, list string) string {
	for _, entry := range strings.Split(list, "; ") {
		if why, ok := strings.CutPrefix(entry, name+": "); ok {
			return why
		}
	}
	return env + " is not set"
}

// FreshMariaDB makes a database of its own on the MariaDB server, utf8mb4, and
// drops it when the test ends. It returns the database's URL and an open pool.
func FreshMariaDB(t testing.TB, name string) (string, *sql.DB) {
	t.Helper()
	return freshMySQL(t, MariaDB(t), name)
}

// FreshMySQL80 is FreshMariaDB on the MySQL 8.0 server.
func FreshMySQL80(t testing.TB, name string) (string, *sql.DB) {
	t.Helper()
	return freshMySQL(t, MySQL80(t), name)
}

// FreshMySQL57 is FreshMariaDB on the MySQL 5.7 server.
func FreshMySQL57(t testing.TB, name string) (string, *sql.DB) {
	t.Helper()
	return freshMySQL(t, MySQL57(t), name)
}

// FreshMariaDB114 is FreshMariaDB on the MariaDB 11.4 server.
func FreshMariaDB114(t testing.TB, name string) (string, *sql.DB) {
	t.Helper()
	return freshMySQL(t, MariaDB114(t), name)
}

func freshMySQL(t testing.TB, server, name string) (string, *sql.DB) {
	t.Helper()
	admin := OpenMySQL(t, server)
	ctx, cancel := context.WithTimeout(context.Background(), setupLimit)
	defer cancel()
	unique := uniqueName(name, 64)
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE `"+unique+"` CHARACTER SET utf8mb4"); err != nil {
		t.Fatalf("create test database %s: %v", unique, err)
	}
	// Cleanups run last in, first out: the pool closes before the drop, and the
	// drop comes before the administrator's pool closes.
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), setupLimit)
		defer cancel()
		if _, err := admin.ExecContext(ctx, "DROP DATABASE `"+unique+"`"); err != nil {
			t.Errorf("drop test database %s: %v", unique, err)
		}
	})
	u := withDatabase(t, server, unique)
	return u, OpenMySQL(t, u)
}

// OpenMySQL opens a mysql:// URL with the driver's defaults, several
// statements in one Exec allowed, and closes the pool when the test ends.
func OpenMySQL(t testing.TB, address string) *sql.DB {
	t.Helper()
	db, err := openMySQL(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the pool: %v", err)
		}
	})
	return db
}

func openMySQL(address string) (*sql.DB, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("read URL %q: %w", address, err)
	}
	cfg := mysql.NewConfig()
	cfg.Net, cfg.Addr = "tcp", u.Host
	cfg.User = u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	cfg.DBName = strings.TrimPrefix(u.Path, "/")
	cfg.MultiStatements = true
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", u.Redacted(), err)
	}
	return sql.OpenDB(connector), nil
}

// FreshPostgres makes a database of its own on the PostgreSQL server of that
// major version and returns its URL. The database is dropped when the test
// ends, after its replication slots and with the connections that are open.
func FreshPostgres(t testing.TB, version int, name string) string {
	t.Helper()
	server := Postgres(t, version)
	unique := uniqueName(name, 63)
	onPostgres(t, server, "create test database "+unique, func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{unique}.Sanitize()+" TEMPLATE template0")
		return err
	})
	t.Cleanup(func() {
		onPostgres(t, server, "drop test database "+unique, func(ctx context.Context, c *pgx.Conn) error {
			return dropPostgres(ctx, c, unique)
		})
	})
	return withDatabase(t, server, unique)
}

// dropPostgres ends the walsenders of the database's logical slots, drops the
// slots, then drops the database.
func dropPostgres(ctx context.Context, c *pgx.Conn, name string) error {
	const end = `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = $1 AND active_pid IS NOT NULL`
	if _, err := c.Exec(ctx, end, name); err != nil {
		return fmt.Errorf("end walsenders: %w", err)
	}
	const drop = `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = $1`
	var err error
	for range 50 {
		// A slot is released a moment after its walsender was told to end.
		if _, err = c.Exec(ctx, drop, name); err == nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err != nil {
		return fmt.Errorf("drop replication slots: %w", err)
	}
	_, err = c.Exec(ctx, "DROP DATABASE "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
	return err
}

// onPostgres runs f on a connection of its own and fails the test on error.
func onPostgres(t testing.TB, address, what string, f func(context.Context, *pgx.Conn) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), setupLimit)
	defer cancel()
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Errorf("%s: connect: %v", what, err)
		t.FailNow()
	}
	defer c.Close(ctx)
	if err := f(ctx, c); err != nil {
		t.Errorf("%s: %v", what, err)
		t.FailNow()
	}
}

// withDatabase puts the database's name into a server URL.
func withDatabase(t testing.TB, address, name string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatalf("read URL %q: %v", address, err)
	}
	u.Path = "/" + name
	return u.String()
}

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// uniqueName makes a lower-case database name from a test's own, the process
// and the time, of at most limit bytes.
func uniqueName(name string, limit int) string {
	suffix := fmt.Sprintf("_%x_%x", os.Getpid(), time.Now().UnixNano())
	base := "t_" + strings.Trim(notInName.ReplaceAllString(strings.ToLower(name), "_"), "_")
	if len(base) > limit-len(suffix) {
		base = base[:limit-len(suffix)]
	}
	return base + suffix
}
