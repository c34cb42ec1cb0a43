package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/runner/enginetest"
)

// TestSchemaChanges changes the schema while a task follows the source. With ddl: apply the changes are converted and
// made on the target in their place, and runs that go on later know the schema that their position belongs to.
func TestSchemaChanges(t *testing.T) {
	eachSource(t, testSchemaChanges)
}

// schemaTask is a source with tables, and a task that moves them.
type schemaTask struct {
	t      *testing.T
	my     *sql.DB
	schema string
	dst    string
	path   string
}

func newSchemaTask(t *testing.T, fresh freshSource, ddl string) *schemaTask {
	t.Helper()
	src, my := fresh(t, "schema")
	my.SetMaxOpenConns(1)
	u, err := url.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	s := &schemaTask{t: t, my: my, schema: strings.TrimPrefix(u.Path, "/"), dst: enginetest.FreshPostgres(t, 15, "schema")}
	s.path = filepath.Join(t.TempDir(), "shop.yaml")
	s.task(src, ddl)
	s.source("CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, s VARCHAR(20), n INT)",
		"CREATE TABLE b (id INT PRIMARY KEY, e ENUM('x','y'))", "CREATE TABLE unrelated (id INT PRIMARY KEY)",
		"INSERT INTO a (s, n) VALUES ('one', 1), ('two', 2)", "INSERT INTO b VALUES (1, 'x')")
	return s
}

func (s *schemaTask) task(src, ddl string) {
	s.t.Helper()
	text := fmt.Sprintf("name: shop\nsource: {url: %q}\ntarget: {url: %q}\ntables: {exclude: [unrelated*]}\nddl: %s\n", src, s.dst, ddl)
	if err := os.WriteFile(s.path, []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func (s *schemaTask) source(list ...string) {
	s.t.Helper()
	for _, q := range list {
		if _, err := s.my.Exec(q); err != nil {
			s.t.Fatalf("%s: %v", q, err)
		}
	}
}

// target reads one column of texts.
func (s *schemaTask) target(q string) string {
	s.t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, s.dst)
	if err != nil {
		s.t.Fatal(err)
	}
	defer c.Close(ctx)
	rows, err := c.Query(ctx, strings.ReplaceAll(q, "SHOP", pgx.Identifier{s.schema}.Sanitize()))
	if err != nil {
		s.t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		s.t.Fatalf("%s: %v", q, err)
	}
	return strings.Join(list, ", ")
}

func (s *schemaTask) holds(q, want string) {
	s.t.Helper()
	if got := s.target(q); got != want {
		s.t.Errorf("%s:\n got %s\nwant %s", q, got, want)
	}
}

func testSchemaChanges(t *testing.T, fresh freshSource) {
	s := newSchemaTask(t, fresh, "apply")
	godwitOK(t, "migrate", s.path, "--until", "verified")

	s.source("INSERT INTO a (s, n) VALUES ('before', 3)",
		"ALTER TABLE a ADD COLUMN d DECIMAL(8,2) NOT NULL DEFAULT 1.50, ADD COLUMN w VARCHAR(5) NOT NULL AFTER id",
		"INSERT INTO a (w, s, n, d) VALUES ('w', 'behind', 4, 2.25)", "UPDATE a SET d = d + 1 WHERE s = 'one'",
		"ALTER TABLE a CHANGE n amount BIGINT, ADD INDEX amounts (amount)", "INSERT INTO a (w, s, amount) VALUES ('x', 'wide', 5000000000)",
		"CREATE TABLE unrelated2 (id INT)", "ALTER TABLE unrelated ADD COLUMN x INT",
		"CREATE TABLE c (k VARCHAR(10) PRIMARY KEY, v JSON)", "INSERT INTO c VALUES ('new', '{\"a\": 1}')",
		"ALTER TABLE b MODIFY e ENUM('x','y','z')", "INSERT INTO b VALUES (2, 'z')", "ALTER TABLE b MODIFY e ENUM('w','x','y','z')", "ALTER TABLE b MODIFY e ENUM('w','x','z')")
	godwitOK(t, "migrate", s.path, "--until", "verified")
	s.holds("SELECT concat_ws('|', id, w, s, amount, d) FROM SHOP.a ORDER BY id",
		"1||one|1|2.50, 2||two|2|1.50, 3||before|3|1.50, 4|w|behind|4|2.25, 5|x|wide|5000000000|1.50")
	s.holds("SELECT id::text || e FROM SHOP.b ORDER BY id", "1x, 2z")
	s.holds("SELECT k || v::text FROM SHOP.c", `new{"a": 1}`)

	// Another run, which finds the source with a newer schema than its position has.
	s.source("INSERT INTO c VALUES ('more', NULL)", "RENAME TABLE c TO d", "ALTER TABLE d DROP COLUMN v, ADD COLUMN t TIME(3)",
		"INSERT INTO d VALUES ('last', '-01:02:03.5')", "DROP TABLE b", "TRUNCATE TABLE a", "INSERT INTO a (w, s) VALUES ('t', 'emptied')")
	godwitOK(t, "migrate", s.path, "--until", "verified")
	s.holds("SELECT concat_ws('|', k, t) FROM SHOP.d ORDER BY k", "last|-01:02:03.5, more, new")
	s.holds("SELECT s FROM SHOP.a", "emptied")
	s.holds("SELECT count(*)::text FROM pg_tables WHERE tablename IN ('b', 'c', 'unrelated2')", "0")
	s.holds("SELECT count(*)::text FROM godwit.schema_changes WHERE seq > 0", "9")

	// What the source drops and makes again is dropped and made again; what a person does so on the target ends the task.
	s.source("ALTER TABLE a DROP COLUMN w", "ALTER TABLE a ADD COLUMN w INT", "INSERT INTO a (w, s) VALUES (5, 'anew')", "DROP TABLE d",
		"CREATE TABLE d (k INT PRIMARY KEY)", "INSERT INTO d VALUES (9)")
	godwitOK(t, "migrate", s.path, "--until", "verified")
	s.holds("SELECT concat_ws('|', s, w) FROM SHOP.a ORDER BY id", "emptied, anew|5")
	s.holds("SELECT k::text FROM SHOP.d", "9")
	s.target("ALTER TABLE SHOP.a DROP COLUMN w, ADD COLUMN w int")
	if code, _, text := godwitRun("migrate", s.path, "--until", "caught-up"); code != exitFailed || !strings.Contains(text, "was dropped and added again on the target") {
		t.Fatalf("exit code %d\n%s", code, text)
	}
	godwitOK(t, "reload", s.path, "a")
	godwitOK(t, "migrate", s.path, "--until", "verified")
	s.holds("SELECT concat_ws('|', s, w) FROM SHOP.a ORDER BY id", "emptied, anew|5")
}

// TestSchemaChangeStops: a change that cannot be converted, and any with ddl: stop, ends the run in front of it; by hand
// and with ddl: ignore it is passed.
func TestSchemaChangeStops(t *testing.T) {
	s := newSchemaTask(t, enginetest.FreshMariaDB, "stop")
	godwitOK(t, "migrate", s.path, "--until", "verified")
	s.source("INSERT INTO a (s) VALUES ('before')", "ALTER TABLE a ADD COLUMN x INT", "INSERT INTO a (s, x) VALUES ('behind', 7)")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var out, errOut bytes.Buffer
	code := run(ctx, []string{"migrate", s.path, "--until", "caught-up"}, strings.NewReader(""), &out, &errOut)
	if text := errOut.String(); code != exitFailed || !strings.Contains(text, "ADD COLUMN x INT") || !strings.Contains(text, "ddl: apply") {
		t.Fatalf("exit code %d\n%s", code, text)
	}
	s.holds("SELECT s FROM SHOP.a ORDER BY id", "one, two, before")

	b, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.path, bytes.Replace(b, []byte("ddl: stop"), []byte("ddl: ignore"), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	s.target("ALTER TABLE SHOP.a ADD COLUMN x int")
	godwitOK(t, "migrate", s.path, "--until", "verified")
	s.holds("SELECT s || coalesce(x, 0) FROM SHOP.a ORDER BY id", "one0, two0, before0, behind7")
}
