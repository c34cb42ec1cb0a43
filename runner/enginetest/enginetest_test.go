package enginetest

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestReason(t *testing.T) {
	list := "mysql80: mvn is missing; pg16: npm: exit status 1: 404"
	for _, c := range []struct{ name, want string }{
		{"mysql80", "mvn is missing"},
		{"pg16", "npm: exit status 1: 404"},
		{"pg17", "GODWIT_TEST_PG17 is not set"},
	} {
		if got := reason(c.name, "GODWIT_TEST_"+strings.ToUpper(c.name), list); got != c.want {
			t.Errorf("reason(%s) = %q, want %q", c.name, got, c.want)
		}
	}
}

func TestUniqueName(t *testing.T) {
	a, b := uniqueName("TestFoo/ä sub-test", 63), uniqueName("TestFoo/ä sub-test", 63)
	if a == b {
		t.Errorf("two names are equal: %s", a)
	}
	if !regexp.MustCompile(`^t_testfoo_sub_test_[0-9a-f]+_[0-9a-f]+$`).MatchString(a) {
		t.Errorf("name %s", a)
	}
	if long := uniqueName(strings.Repeat("x", 200), 63); len(long) != 63 {
		t.Errorf("long name has %d bytes: %s", len(long), long)
	}
}

// errStopped is what recorder panics with to leave the code under test.
var errStopped = errors.New("stopped")

// recorder is a testing.TB that notes whether it was skipped or failed.
type recorder struct {
	testing.TB
	skipped, failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Skipf(string, ...any)  { r.skipped = true; panic(errStopped) }
func (r *recorder) Fatalf(string, ...any) { r.failed = true; panic(errStopped) }

func TestFindSkipsOrFails(t *testing.T) {
	for _, c := range []struct {
		required bool
		require  string
		failed   bool
	}{
		{true, "", false}, {true, "1", true}, {false, "1", false}, {false, "", false},
	} {
		t.Setenv("GODWIT_TEST_NONE", "")
		t.Setenv("GODWIT_TEST_REQUIRE", c.require)
		r := &recorder{TB: t}
		func() {
			defer func() {
				if e := recover(); e != errStopped {
					t.Errorf("find returned instead of stopping: %v", e)
				}
			}()
			find(r, "none", "GODWIT_TEST_NONE", c.required)
		}()
		if r.failed != c.failed || r.skipped == c.failed {
			t.Errorf("required=%v REQUIRE=%q: failed %v, skipped %v", c.required, c.require, r.failed, r.skipped)
		}
	}
}

func TestFreshMariaDB(t *testing.T) {
	server := MariaDB(t)
	var name string
	t.Run("inside", func(t *testing.T) {
		u, db := FreshMariaDB(t, t.Name())
		if err := db.QueryRow("SELECT DATABASE()").Scan(&name); err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(u, "/"+name) {
			t.Errorf("URL %s does not name database %s", u, name)
		}
	})
	var left int
	err := OpenMySQL(t, server).QueryRow("SELECT count(*) FROM information_schema.schemata WHERE schema_name = ?", name).Scan(&left)
	if err != nil || left != 0 || name == "" {
		t.Errorf("database %q: %d left, %v", name, left, err)
	}
}

func TestFreshPostgresDropsSlots(t *testing.T) {
	server := Postgres(t, 15)
	ctx := context.Background()
	var name string
	t.Run("inside", func(t *testing.T) {
		u := FreshPostgres(t, 15, t.Name())
		c, err := pgx.Connect(ctx, u)
		if err != nil {
			t.Fatal(err)
		}
		// The connection stays open: the drop must cope with it.
		if err := c.QueryRow(ctx, "SELECT current_database()").Scan(&name); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Exec(ctx, "SELECT pg_create_logical_replication_slot($1, 'pgoutput')", "s_"+name[len(name)-16:]); err != nil {
			t.Fatal(err)
		}
	})
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	var left int
	err = c.QueryRow(ctx, `SELECT (SELECT count(*) FROM pg_database WHERE datname = $1) + (SELECT count(*) FROM pg_replication_slots WHERE database = $1)`, name).Scan(&left)
	if err != nil || left != 0 || name == "" {
		t.Errorf("database %q: %d objects left, %v", name, left, err)
	}
}

func TestFreshSakila(t *testing.T) {
	var names [2]string
	for i := range names {
		_, db := FreshSakila(t, t.Name())
		var rentals, routines, triggers, actors int
		const counts = `SELECT DATABASE(), (SELECT COUNT(*) FROM rental), (SELECT COUNT(*) FROM information_schema.routines WHERE routine_schema = DATABASE()),
			(SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = DATABASE()), (SELECT COUNT(*) FROM actor_info)`
		if err := db.QueryRow(counts).Scan(&names[i], &rentals, &routines, &triggers, &actors); err != nil {
			t.Fatal(err)
		}
		if rentals != 16044 || routines != 6 || triggers != 6 || actors != 200 {
			t.Errorf("loaded %d rentals, %d routines, %d triggers, %d actors; want 16044, 6, 6, 200", rentals, routines, triggers, actors)
		}
		var elsewhere int
		const outside = `SELECT COUNT(*) FROM information_schema.views WHERE table_schema = DATABASE() AND view_definition LIKE '%sakila%.%'
			AND view_definition NOT LIKE CONCAT('%', DATABASE(), '%')`
		if err := db.QueryRow(outside).Scan(&elsewhere); err != nil || elsewhere != 0 {
			t.Errorf("%d views read another database, %v", elsewhere, err)
		}
	}
	if names[0] == names[1] {
		t.Errorf("both are %s", names[0])
	}
}
