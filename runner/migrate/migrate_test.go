package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/endpoint"
	"godwit/runner/enginetest"
	"godwit/runner/postgres"
)

// family is a source server of the tests.
type family struct {
	name string
	open func(testing.TB, string) (string, *sql.DB)
}

func families() []family {
	return []family{{"mariadb", enginetest.FreshMariaDB}, {"mysql", enginetest.FreshMySQL80}}
}

// allFamilies are the sources of every version that there is.
func allFamilies() []family {
	return append(families(), family{"mariadb 11.4", enginetest.FreshMariaDB114}, family{"mysql 5.7", enginetest.FreshMySQL57})
}

// eachFamily runs a test with each kind of source, side by side with each other and with the other tests: a rig's databases
// are its own.
func eachFamily(t *testing.T, families []family, test func(*testing.T, *rig)) {
	t.Parallel()
	for _, f := range families {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			test(t, newRig(t, f))
		})
	}
}

// eachMode is eachFamily for apply modes.
func eachMode(t *testing.T, f family, modes []string, test func(t *testing.T, r *rig, mode string)) {
	t.Parallel()
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			test(t, newRig(t, f), mode)
		})
	}
}

// rig is a source and a target database of one test.
type rig struct {
	t      testing.TB
	srcURL string
	dstURL string
	db     *sql.DB
	schema string
}

func newRig(t testing.TB, f family) *rig {
	t.Helper()
	r := &rig{t: t}
	r.srcURL, r.db = f.open(t, "mover")
	r.dstURL = enginetest.FreshPostgres(t, 15, "mover")
	ep, err := endpoint.Parse(r.srcURL)
	if err != nil {
		t.Fatal(err)
	}
	r.schema = ep.Database
	return r
}

// rigOn makes a rig with a schema on a source server of the test's own.
func rigOn(t testing.TB, server, schema, dstURL string) *rig {
	t.Helper()
	r := &rig{t: t, schema: schema, srcURL: server + schema, dstURL: dstURL}
	r.db = enginetest.OpenMySQL(t, server)
	r.my("CREATE DATABASE %s CHARACTER SET utf8mb4", schema)
	r.db.SetMaxIdleConns(0)
	r.db = enginetest.OpenMySQL(t, r.srcURL)
	return r
}

func (r *rig) my(format string, args ...any) {
	r.t.Helper()
	if _, err := r.db.Exec(fmt.Sprintf(format, args...)); err != nil {
		r.t.Fatalf("source: %.200s: %v", fmt.Sprintf(format, args...), err)
	}
}

func (r *rig) pg(sql string) {
	r.t.Helper()
	if err := pgExec(r.dstURL, sql); err != nil {
		r.t.Fatalf("target: %.200s: %v", sql, err)
	}
}

// pgExec runs statements on the target; an error of the connection is marked, as hooks have to.
func pgExec(url, sql string) error {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return postgres.Transient(err)
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, sql)
	return postgres.Transient(err)
}

func (r *rig) task() Task {
	t := Task{Name: "test", Source: Endpoint{URL: r.srcURL}, Target: Endpoint{URL: r.dstURL}}
	t.Load.Workers, t.Load.ChunkRows = 3, 500
	return t
}

// table describes a table: "name type" per column with a small set of types, keys as lists of columns.
func (r *rig) table(name string, pk []string, cols ...*catalog.Column) *catalog.Table {
	return tableOf(r.schema, name, pk, cols...)
}

func tableOf(schema, name string, pk []string, cols ...*catalog.Column) *catalog.Table {
	t := &catalog.Table{Schema: schema, Name: name, Target: name, TargetSchema: "public", Engine: "InnoDB", Charset: "utf8mb4", Columns: cols}
	if pk != nil {
		k := &catalog.Key{Kind: catalog.Primary}
		for _, c := range pk {
			k.Parts = append(k.Parts, catalog.KeyPart{Column: c})
		}
		t.Keys = append(t.Keys, k)
	}
	return t
}

func col(name string, ty types.Type) *catalog.Column {
	return &catalog.Column{Name: name, Target: name, Type: ty, Nullable: true}
}

var (
	tInt  = types.Int{Bits: 32}
	tText = types.Text{N: 100, Charset: "utf8mb4"}
	tDec  = types.Decimal{Precision: 12, Scale: 2}
)

// dump is the rows of a query on the target, one line each.
func (r *rig) dump(sql string) string {
	r.t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, r.dstURL)
	if err != nil {
		r.t.Fatal(err)
	}
	defer c.Close(ctx)
	rows, err := c.Query(ctx, sql)
	if err != nil {
		r.t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		r.t.Fatal(err)
	}
	return strings.Join(out, "\n")
}

func (r *rig) dumpMy(sql string) string {
	r.t.Helper()
	rows, err := r.db.Query(sql)
	if err != nil {
		r.t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			r.t.Fatal(err)
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

func run(t testing.TB, task Task, opts Options) Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	res, err := Run(ctx, task, opts)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestLoadAndFollow(t *testing.T) {
	eachFamily(t, allFamilies(), func(t *testing.T, r *rig) { testLoadAndFollow(t, r, false) })
}

func TestLoadAndFollowWithoutLock(t *testing.T) {
	eachFamily(t, allFamilies(), func(t *testing.T, r *rig) { testLoadAndFollow(t, r, true) })
}

func testLoadAndFollow(t *testing.T, r *rig, noLock bool) {
	r.my("CREATE TABLE a (id int primary key, u varchar(100) unique, n decimal(12,2))")
	r.my("CREATE TABLE b (x varchar(100) character set utf8mb4 collate utf8mb4_general_ci, y int, s varchar(100), primary key (x, y))")
	r.my("CREATE TABLE log (s varchar(100), n int)")
	r.pg(`CREATE TABLE a (id int primary key, u varchar(100) unique, n numeric(12,2));
		CREATE TABLE b (x varchar(20), y int, s varchar(100), primary key (x, y));
		CREATE TABLE log (s varchar(100), n int)`)
	a := r.table("a", []string{"id"}, col("id", tInt), col("u", tText), col("n", tDec))
	a.Keys = append(a.Keys, &catalog.Key{Kind: catalog.Unique, Parts: []catalog.KeyPart{{Column: "u"}}})
	b := r.table("b", []string{"x", "y"}, col("x", tText), col("y", tInt), col("s", tText))
	tables := []*catalog.Table{a, b}
	if !noLock || strings.HasPrefix(f(t), "mariadb") {
		tables = append(tables, r.table("log", nil, col("s", tText), col("n", tInt)))
	}
	digits := "(SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)"
	seq := fmt.Sprintf("SELECT p.d*1000+q.d*100+s.d*10+t.d n FROM %s p, %s q, %s s, %s t", digits, digits, digits, digits)
	r.my("INSERT INTO a SELECT n, CONCAT('u', n), n / 7 FROM (%s) z WHERE n < 5000", seq)
	r.my("INSERT INTO b SELECT CONCAT(IF(n %% 2, 'K', 'k'), n DIV 10), n %% 10, REPEAT('x\\n\\t\\\\', n %% 5) FROM (%s) z", seq)
	r.my("INSERT INTO log SELECT 'same', n %% 3 FROM (%s) z WHERE n < 100", seq)
	opts := Options{Tables: tables, Until: Until{Loaded: true}}
	task := r.task()
	if noLock {
		task.Load.Lock = "never"
	}
	res := run(t, task, opts)
	if want := int64(15000 + 100*(len(tables)-2)); res.Rows != want {
		t.Errorf("%d rows loaded, want %d", res.Rows, want)
	}
	r.my("UPDATE a SET n = n + 1 WHERE id %% 3 = 0")
	r.my("UPDATE a SET id = id + 100000 WHERE id > 4900 ORDER BY id DESC")
	r.my("UPDATE a SET u = CONCAT('v', id) WHERE id < 50")
	r.my("DELETE FROM a WHERE id BETWEEN 100 AND 2000")
	r.my("INSERT INTO a VALUES (150, 'u150', NULL), (151, NULL, 3)")
	r.my("UPDATE b SET x = UPPER(x) WHERE y = 3")
	r.my("DELETE FROM b WHERE y = 4")
	r.my("UPDATE log SET s = 'one' WHERE n = 1 LIMIT 5")
	r.my("DELETE FROM log WHERE n = 2 LIMIT 7")
	r.my("INSERT INTO log VALUES (NULL, NULL), (NULL, NULL), ('', 0)")
	r.my("DELETE FROM log WHERE s IS NULL LIMIT 1")
	opts.Until = Until{CaughtUp: true}
	run(t, task, opts)
	r.same("SELECT CONCAT_WS('|', id, IFNULL(u, 'NULL'), IFNULL(n, 'NULL')) FROM a ORDER BY id",
		"SELECT concat_ws('|', id, coalesce(u, 'NULL'), coalesce(n::text, 'NULL')) FROM a ORDER BY id")
	r.same("SELECT CONCAT_WS('|', x, y, s) FROM b ORDER BY BINARY x, y", `SELECT concat_ws('|', x, y, s) FROM b ORDER BY x COLLATE "C", y`)
	if len(tables) > 2 {
		r.same("SELECT CONCAT_WS('|', IFNULL(s, 'NULL'), IFNULL(n, 'NULL')) v FROM log ORDER BY BINARY v", `SELECT concat_ws('|', coalesce(s, 'NULL'), coalesce(n::text, 'NULL')) COLLATE "C" v FROM log ORDER BY v`)
	}
	r.my("TRUNCATE /* all */ TABLE a")
	r.my("INSERT INTO a VALUES (1, 'x', 1)")
	run(t, task, opts)
	if got := r.dump("SELECT concat_ws('|', id, u, n) FROM a"); got != "1|x|1.00" {
		t.Errorf("after TRUNCATE: %s", got)
	}
}

// f is the name of the running family's subtest.
func f(t *testing.T) string {
	parts := strings.Split(t.Name(), "/")
	return parts[len(parts)-1]
}

func (r *rig) same(my, pg string) {
	r.t.Helper()
	a, b := r.dumpMy(my), r.dump(pg)
	if a == b {
		return
	}
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	r.t.Fatalf("%s: %d rows on the source, %d on the target; on the source alone %.80q; on the target alone %.80q", my, len(x), len(y), beyond(x, y), beyond(y, x))
}

// beyond is the first few lines of x that y does not have as often.
func beyond(x, y []string) (out []string) {
	times := map[string]int{}
	for _, l := range y {
		times[l]++
	}
	for _, l := range x {
		if times[l]--; times[l] < 0 && len(out) < 10 {
			out = append(out, l)
		}
	}
	return out
}

func TestRowMissing(t *testing.T) {
	t.Parallel()
	r := newRig(t, families()[0])
	r.my("CREATE TABLE a (id int primary key, n int)")
	r.my("INSERT INTO a VALUES (1,1),(2,2),(3,3),(4,4)")
	r.pg("CREATE TABLE a (id int primary key, n int)")
	opts := Options{Tables: []*catalog.Table{r.table("a", []string{"id"}, col("id", tInt), col("n", tInt))}, Until: Until{Loaded: true}}
	run(t, r.task(), opts)
	r.pg("DELETE FROM a WHERE id = 3")
	r.my("UPDATE a SET n = n + 1")
	opts.Until = Until{CaughtUp: true}
	_, err := Run(context.Background(), r.task(), opts)
	if !errors.Is(err, change.ErrRowMissing) || !strings.Contains(err.Error(), `id="3"`) {
		t.Errorf("error %v, want the missing row 3", err)
	}
	if got := r.dump("SELECT sum(n)::text FROM a"); got != "7" {
		t.Errorf("the batch was not rolled back: sum %s", got)
	}
}

// TestMain runs the mover instead of the tests when the kill test starts this binary again.
func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		os.Exit(child())
	}
	os.Exit(m.Run())
}
