package godwit

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
	"godwit/runner/enginetest/fuzz"
	"godwit/runner/enginetest/rows"
)

// TestRandomStatements runs random queries, change scripts and procedures on the source and, converted, on the target, and
// compares rows, errors and what is in the tables afterwards. Nothing may be silently wrong. A run is chosen by the environment:
// GODWIT_FUZZ_SEED (first seed), GODWIT_FUZZ_N (queries; a fifth of it scripts, and procedures; a sixth of it programs of PL/SQL), GODWIT_FUZZ_SOURCE (mariadb, mysql80),
// GODWIT_FUZZ_TARGET (15 to 18, the version that programs of PL/SQL are converted to), GODWIT_FUZZ_AUTOCOMMIT (atomic, auto, commit), GODWIT_FUZZ_COLLATIONS (icu, citext, none), GODWIT_FUZZ_TRIES (how often a failure is tried smaller), GODWIT_FUZZ_SHOW (outcomes to print, "rejected,flagged"),
// GODWIT_FUZZ_STRICT (assumptions excuse nothing).
func TestRandomStatements(t *testing.T) {
	n := envInt("GODWIT_FUZZ_N", 150)
	seed := envInt("GODWIT_FUZZ_SEED", 1)
	a := openArena(t, 15)
	for _, k := range []struct {
		name string
		n    int
		make func(*fuzz.Generator) *fuzz.Node
		run  func(string) verdict
	}{
		{"queries", n, (*fuzz.Generator).Query, a.query},
		{"mean", n, (*fuzz.Generator).Mean, a.query},
		{"shop", n, (*fuzz.Generator).ShopQuery, a.query},
		{"changes", n / 5, (*fuzz.Generator).Change, a.change},
		{"scripts", n / 5, (*fuzz.Generator).Script, a.change},
		{"worlds", n / 5, (*fuzz.Generator).World, a.world},
		{"procedures", n / 5, (*fuzz.Generator).Routine, a.routine},
		{"handlers", n / 5, (*fuzz.Generator).Procedure, a.routine},
		{"business", n / 5, (*fuzz.Generator).Business, a.routine},
		{"depot", n, (*fuzz.Generator).DepotQuery, a.query},
		{"shopscripts", n / 5, (*fuzz.Generator).ShopScript, a.shop},
		{"shoproutines", n / 5, (*fuzz.Generator).ShopRoutine, a.shop},
		{"depotscripts", n / 5, (*fuzz.Generator).DepotScript, a.shop},
		{"depotroutines", n / 5, (*fuzz.Generator).DepotRoutine, a.shop},
	} {
		t.Run(k.name, func(t *testing.T) {
			a.t, a.blanks = t, k.name == "mean"
			a.judge(k.name, k.n, seed, k.make, k.run)
		})
	}
	t.Run("plsql", func(t *testing.T) {
		if !plsqlHere() {
			t.Skip("skipped: only MariaDB runs PL/SQL")
		}
		p := openPLSQL(t, envInt("GODWIT_FUZZ_TARGET", 15))
		p.judge("plsql", n/6, seed, (*fuzz.Generator).PLSQL, p.plsql)
	})
}

// judge runs n programs of a kind, reports those that end wrong, and logs how the others ended.
func (a *arena) judge(name string, n, seed int, gen func(*fuzz.Generator) *fuzz.Node, run func(string) verdict) {
	count := map[string]int{}
	noisy := 0
	why := map[string]int{}
	for i := range n {
		node := gen(fuzz.New(uint64(seed + i)))
		v := run(node.String())
		count[v.outcome]++
		if v.outcome == "right" && v.noise != "" {
			noisy++
		}
		switch v.outcome {
		case "refused", "flagged", "rejected":
			why[v.outcome+" "+v.code]++
		case "right":
			why["noise "+v.noise]++
		}
		if v.outcome == "wrong" || strings.Contains(os.Getenv("GODWIT_FUZZ_SHOW"), v.outcome) {
			a.report(seed+i, node, v, run)
		}
	}
	a.t.Logf("%s: %s; noisy %d", name, counts(count), noisy)
	delete(why, "noise ")
	a.t.Logf("%s: %s", name, counts(why))
}

// mysqlCollation is the collation of MySQL 8.0 where a statement names none.
const mysqlCollation = "utf8mb4_0900_ai_ci"

func names(from dialect.Name) string {
	if from == dialect.MySQL {
		return mysqlCollation
	}
	return "utf8mb4_general_ci"
}

func envInt(name string, def int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return def
}

func counts(m map[string]int) string {
	var out []string
	for k, v := range m {
		out = append(out, fmt.Sprintf("%s %d", k, v))
	}
	sort.Strings(out)
	return strings.Join(out, ", ")
}

// verdict is how a random statement ended: right, wrong, flagged, refused, rejected, or invalid on the source.
type verdict struct {
	outcome, why, target string
	code                 string // of the finding that refuses or explains
	noise                string // the first finding of a severity that asks for a look
}

// arena is a pair of databases with the same rows.
type arena struct {
	t       *testing.T
	maria   *sql.Conn
	pgURL   string
	opt     Options
	restore []string           // statements for both servers that fill the empty tables
	blanks  bool               // the rows hold trailing blanks
	more    [][]rows.Statement // statements for the target that fill the tables of fuzz.MoreSetup
	last    string             // the script before, "" if the tables are new
	own     bool               // the script makes its own tables

	answers, replies [][]rows.Block // what each statement of the last script gave
}

func openArena(t *testing.T, version int) *arena {
	t.Helper()
	ctx := context.Background()
	fresh, from, tables := enginetest.FreshMariaDB, dialect.MariaDB, fuzz.Setup
	if os.Getenv("GODWIT_FUZZ_SOURCE") == "mysql80" {
		fresh, from = enginetest.FreshMySQL80, dialect.MySQL
	}
	tables = strings.ReplaceAll(tables+fuzz.MoreSetup, "utf8mb4_general_ci", names(from)) // as variables and literals have it there
	tables += strings.TrimSpace(fuzz.Mixed) + ";\n" + fuzz.ShopTablesSetup() + fuzz.DepotTablesSetup()
	filled := fuzz.MixedRows() + fuzz.ShopRows() + fuzz.DepotRows()
	_, db := fresh(t, "random")
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	a := &arena{t: t, maria: conn, pgURL: enginetest.FreshPostgres(t, version, "random")}
	a.opt = Options{From: from, To: dialect.Postgres, ToVersion: version, Settings: dialect.Settings{}}
	a.opt.Policy.Collations = os.Getenv("GODWIT_FUZZ_COLLATIONS")
	a.opt.Policy.Autocommit = "auto" // as translate has it
	if v := os.Getenv("GODWIT_FUZZ_AUTOCOMMIT"); v != "" {
		a.opt.Policy.Autocommit = v
	}
	setup, err := Translate([]*source.File{source.NewFile("setup.sql", tables+filled)}, a.opt)
	if err != nil {
		t.Fatal(err)
	}
	s := rows.Connect(t, ctx, a.pgURL)
	defer s.Close(ctx)
	runAll(ctx, s, setup)
	if len(s.Errors) > 0 {
		t.Fatal(s.Errors)
	}
	for _, q := range append([]string{"SET NAMES utf8mb4 COLLATE " + names(from), "SET time_zone = '+00:00'", "SET max_sp_recursion_depth = 20"}, strings.Split(strings.TrimSpace(tables+filled), ";\n")...) {
		a.maria1(ctx, strings.TrimSuffix(q, ";"))
	}
	a.restore = fuzz.New(1).Rows()
	if len(s.Errors) > 0 {
		t.Fatal(s.Errors)
	}
	a.opt.Catalog = []*source.File{source.NewFile("setup.sql", tables)}
	c, err := Translate([]*source.File{source.NewFile("rows.sql", strings.Join(fuzz.MoreRows, ";\n")+";")}, a.opt)
	if err != nil {
		t.Fatal(err)
	}
	s.Entry(ctx, []rows.Statement{{SQL: c.HelperScript}})
	c.HelperScript = ""
	for _, e := range c.Translated() {
		var list []rows.Statement
		for _, x := range e.Target {
			list = append(list, rows.Statement{SQL: x.SQL})
		}
		a.more = append(a.more, list)
	}
	a.reset(ctx, s)
	return a
}

func (a *arena) maria1(ctx context.Context, q string) {
	if _, err := a.maria.ExecContext(ctx, q); err != nil {
		a.t.Fatalf("%v in %s", err, q)
	}
}

// session are the source's settings and objects that a script may leave behind.
var session = []string{"ROLLBACK", "UNLOCK TABLES", "SET SESSION sql_mode = DEFAULT", "SET SESSION autocommit = 1", "SET foreign_key_checks = 1", "SET @v = NULL, @w = NULL, @io = NULL, @x = NULL, @y = NULL, @z = NULL, @u = NULL, @g = NULL, @k = NULL, @p = NULL, @m = NULL, @d = NULL, @e = NULL, @o = NULL, @mi = NULL, @hits = NULL, @cnt = NULL, @rows = NULL, @sql = NULL, @t = NULL, @a = NULL, @b = NULL, @c = NULL, @h = NULL, @i = NULL, @mx = NULL, @n = NULL, @q = NULL, @r = NULL, @s = NULL", "DO LAST_INSERT_ID(0)",
	"DROP TEMPORARY TABLE IF EXISTS tt", "DROP TABLE IF EXISTS made", "DROP TRIGGER IF EXISTS tg0", "DROP TRIGGER IF EXISTS tg1", "DROP TRIGGER IF EXISTS tg2"}

// counters are where generated numbers go on behind the rows that the tables begin with.
var counters = map[string]int{"b": 17, "par": 6, "kid": 5, "typ": 3, "gen": 4}

// reset brings both databases back: all tables that the last script names, or that a foreign key or a trigger leads to.
func (a *arena) reset(ctx context.Context, s *rows.Session) {
	for _, q := range session {
		a.maria1(ctx, q)
	}
	dirty := func(tab string) bool {
		return a.last == "" || tab == "log" || tab == "hist" || tab == "kid" || tab == "many" || strings.Contains(a.last, tab) || len(tab) == 1
	}
	a.maria1(ctx, "SET foreign_key_checks = 0")
	list := []rows.Statement{{SQL: "BEGIN"}, {SQL: "DROP TABLE IF EXISTS made"}}
	for _, tab := range slices.Concat(fuzz.Tables, fuzz.MoreTables) {
		if dirty(tab) {
			a.maria1(ctx, "TRUNCATE TABLE "+tab)
			list = append(list, rows.Statement{SQL: "TRUNCATE " + tab + " RESTART IDENTITY CASCADE"})
		}
	}
	a.maria1(ctx, "SET foreign_key_checks = 1")
	a.maria1(ctx, "START TRANSACTION")
	fill := func(q string, st ...rows.Statement) {
		if dirty(strings.Fields(q)[2]) {
			a.maria1(ctx, q)
			list = append(list, st...)
		}
	}
	for _, q := range a.restore {
		fill(q, rows.Statement{SQL: q})
	}
	for i, q := range fuzz.MoreRows {
		fill(q, a.more[i]...)
	}
	a.maria1(ctx, "COMMIT")
	for tab, n := range counters {
		if dirty(tab) {
			list = append(list, rows.Statement{SQL: fmt.Sprintf("ALTER TABLE %s ALTER COLUMN id RESTART WITH %d", tab, n)})
		}
	}
	s.Entry(ctx, append(list, rows.Statement{SQL: "COMMIT"}))
	if len(s.Errors) > 0 {
		a.t.Fatal(s.Errors)
	}
}

// statement runs one statement on the source; ok is false if it is none there.
func (a *arena) statement(ctx context.Context, q string) (b []rows.Block, invalid bool) {
	b, err := rows.MySQL(ctx, a.maria, q)
	if err != nil {
		a.t.Fatalf("%v in %s", err, q)
	}
	if len(b) == 1 && b[0].Failed {
		b[0].State = ""
		return b, a.isInvalid(ctx)
	}
	return b, false
}

// isInvalid tells that the last error was about the statement's text.
func (a *arena) isInvalid(ctx context.Context) bool {
	b, err := rows.MySQL(ctx, a.maria, "SHOW ERRORS")
	if err != nil || len(b) == 0 || len(b[0].Rows) == 0 {
		return false
	}
	switch *b[0].Rows[0][1] {
	case "1064", "1054", "1111", "1055", "1056", "1060", "1052", "1140", "1241", "1221", "1271", "1093", "1305", "1582", "1235", "1222", "1267", "1270", "1415", "1422", "1442", "1253", "3146", "1308", "1247", "1413":
		return true
	}
	return false
}

func (a *arena) query(q string) verdict {
	return a.play(strings.Split(q, ";;"), nil)
}

func (a *arena) change(script string) verdict {
	return a.play(splitScript(script), slices.Concat(fuzz.Tables, fuzz.MoreTables))
}

func splitScript(s string) []string {
	var out []string
	for _, q := range strings.Split(s, ";\n") {
		if q = strings.TrimSpace(q); q != "" {
			out = append(out, q)
		}
	}
	return out
}

// world runs a script that makes its own tables: in a schema of its own on the target.
func (a *arena) world(script string) verdict {
	ctx := context.Background()
	for _, q := range session {
		a.maria1(ctx, q)
	}
	a.maria1(ctx, "SET foreign_key_checks = 0")
	a.maria1(ctx, "DROP VIEW IF EXISTS wv")
	a.maria1(ctx, "DROP TABLE IF EXISTS "+strings.Join(fuzz.WorldTables, ", "))
	a.maria1(ctx, "SET foreign_key_checks = 1")
	saved := a.opt
	defer func() { a.opt = saved }()
	a.opt.Catalog = nil
	a.own = true
	defer func() { a.own = false }()
	return a.play(splitScript(script), nil)
}

// shop is world for the tables of a shop or a depot, with routines.
func (a *arena) shop(script string) verdict {
	ctx := context.Background()
	for _, q := range append([]string{"SET foreign_key_checks = 0"}, session...) {
		a.maria1(ctx, q)
	}
	for _, o := range slices.Concat(fuzz.ShopRoutines, fuzz.DepotRoutines) {
		i := strings.LastIndex(o, " ")
		a.maria1(ctx, "DROP "+o[:i]+" IF EXISTS"+o[i:])
	}
	for _, t := range fuzz.ShopTables {
		a.maria1(ctx, "DROP TABLE IF EXISTS x"+t)
	}
	for _, t := range fuzz.DepotTables {
		a.maria1(ctx, "DROP TABLE IF EXISTS y"+t)
	}
	a.maria1(ctx, "SET foreign_key_checks = 1")
	saved := a.opt
	defer func() { a.opt, a.own = saved, false }()
	a.opt.Catalog, a.own = nil, true
	return a.play(strings.Split(strings.TrimSuffix(script, fuzz.ShopSeparator), fuzz.ShopSeparator), nil)
}

func (a *arena) routine(def string) verdict {
	for _, d := range []string{"PROCEDURE p", "PROCEDURE q", "FUNCTION f1", "FUNCTION f2", "TRIGGER tr0", "TRIGGER tr1"} {
		kind, name, _ := strings.Cut(d, " ")
		defer a.maria1(context.Background(), "DROP "+kind+" IF EXISTS "+name)
	}
	return a.play(append(strings.Split(def, fuzz.Separator), "SET @y = 3, @z = NULL, @u = 6", "CALL p(2, @y, @z)", "SELECT @y AS y, @z AS z, @u AS u", "CALL p(5, @y, @z)", "SELECT @y AS y, @z AS z, @u AS u"), slices.Concat(fuzz.Tables, fuzz.MoreTables))
}

// play runs statements on both servers and compares results, and the tables afterwards.
func (a *arena) play(script []string, tables []string) verdict {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s := rows.Connect(a.t, ctx, a.pgURL)
	defer s.Close(ctx)
	switch {
	case tables != nil:
		a.reset(ctx, s)
		a.last = strings.Join(script, ";")
	case a.own:
		s.Entry(ctx, []rows.Statement{{SQL: "CREATE SCHEMA world"}, {SQL: "SET search_path = world"}})
		defer s.Entry(ctx, []rows.Statement{{SQL: "ROLLBACK"}, {SQL: "DROP SCHEMA world CASCADE"}})
	}
	var v verdict
	delimited := "DELIMITER $$\n" + strings.Join(script, "\n$$\n") + "\n$$\n"
	c, err := Translate([]*source.File{source.NewFile("random.sql", delimited)}, a.opt)
	if err != nil {
		return verdict{outcome: "rejected", why: err.Error()}
	}
	refused, flagged := a.findings(c, &v)
	if refused != "" {
		if want, invalid := a.onSource(ctx, script, tables); invalid || tables == nil && !a.own && want[len(want)-1].Failed {
			return verdict{outcome: "invalid"} // a script of its own tables is, where a statement is none on the source
		}
		return verdict{outcome: "refused", why: refused, code: v.code}
	}
	want, invalid := a.onSource(ctx, script, tables)
	if invalid {
		return verdict{outcome: "invalid"}
	}
	got := a.onTarget(ctx, s, c)
	errs := append([]string(nil), s.Errors...)
	if tables != nil {
		s.Entry(ctx, []rows.Statement{{SQL: "ROLLBACK"}})
	}
	for _, tab := range tables {
		got = append(got, s.Entry(ctx, []rows.Statement{{SQL: contents(tab, fuzz.MoreContentsTarget), Rows: true}})...)
	}
	s.Entry(ctx, []rows.Statement{{SQL: dropRoutines}})
	v.why = rows.Compare(want, got)
	if v.why != "" && len(c.Translated()) == len(script) {
		v.why = a.first(script, a.answers, a.replies) + v.why
	}
	v.settle(errs, flagged)
	return v
}

// settle gives the outcome of a program by what differs (why), the errors of the target, and the finding that tells of a difference.
func (v *verdict) settle(errs []string, flagged string) {
	switch {
	case v.why == "":
		v.outcome = "right"
	case rejects(errs):
		v.outcome, v.why, v.code = "rejected", v.why+"; "+strings.Join(errs, "; "), ""
	case flagged != "":
		v.outcome, v.why = "flagged", v.why+"; "+flagged
	default:
		v.outcome, v.why = "wrong", v.why+"; "+strings.Join(errs, "; ")
	}
}

// dropRoutines drops all routines on the target, and the triggers that use them.
const dropRoutines = "DO $$ DECLARE r regprocedure; BEGIN FOR r IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace LOOP EXECUTE 'DROP ROUTINE ' || r || ' CASCADE'; END LOOP; END $$"

// onTarget is runAll that keeps what each statement gave.
func (a *arena) onTarget(ctx context.Context, s *rows.Session, c *Conversion) (out []rows.Block) {
	a.replies = nil
	for _, t := range c.Translated() {
		var list []rows.Statement
		for _, x := range t.Target {
			list = append(list, rows.Statement{SQL: x.SQL, Rows: x.Rows})
		}
		b := s.Entry(ctx, list)
		a.replies = append(a.replies, b)
		out = append(out, b...)
	}
	return out
}

// first is the first statement whose results differ.
func (a *arena) first(script []string, want, got [][]rows.Block) string {
	for i := range script {
		if why := rows.Compare(want[i], got[i]); why != "" {
			note := ""
			if len(want[i]) > 0 && want[i][0].Failed {
				note = " (" + want[i][0].Note + ")"
			}
			return fmt.Sprintf("at %q%s: %s; ", script[i], note, why)
		}
	}
	return ""
}

func (a *arena) onSource(ctx context.Context, script, tables []string) (want []rows.Block, invalid bool) {
	a.answers = nil
	for _, q := range script {
		b, bad := a.statement(ctx, q)
		if bad {
			return nil, true
		}
		a.answers = append(a.answers, b)
		want = append(want, b...)
	}
	if tables != nil {
		a.maria1(ctx, "ROLLBACK")
		a.maria1(ctx, "UNLOCK TABLES")
	}
	for _, tab := range tables {
		b, _ := a.statement(ctx, contents(tab, fuzz.MoreContents))
		want = append(want, b...)
	}
	return want, false
}

// contents is the query for what is in a table.
func contents(tab string, more map[string]string) string {
	if q := fuzz.Contents[tab]; q != "" {
		return q
	}
	return more[tab]
}

func (a *arena) findings(c *Conversion, v *verdict) (refused, flagged string) {
	for _, u := range c.Units {
		for _, o := range u.Outputs {
			v.target += o.SQL + ";\n"
		}
		for _, f := range u.Findings {
			if f.Severity >= diag.Review && v.noise == "" {
				v.noise = f.Code
			}
			if os.Getenv("GODWIT_FUZZ_STRICT") != "" && f.Severity < diag.Review {
				continue
			}
			if f.Fidelity >= diag.Assumed && (!noExcuse[f.Code] || a.blanks && (f.Code == "EX0331" || f.Code == "EX0391")) {
				if v.code == "" || f.Fidelity == diag.Refused && refused == "" {
					v.code = f.Code
				}
				flagged += f.Code + ": " + f.Message + "; "
			}
			if f.Fidelity == diag.Refused && refused == "" {
				refused = f.Code + ": " + f.Message
			}
		}
	}
	return refused, flagged
}

// noExcuse are findings that explain no difference here: numbers of errors are not compared, the rows have no trailing blanks or line breaks, and one user owns everything.
var noExcuse = map[string]bool{"EX0331": true, "EX0315": true, "SE0101": true, "TY0101": true, "EX0391": true, "EH0203": true, "FN0322": true, "TX0191": true, "TX0193": true, "PL0005": true, "QY0121": true, "PL0305": true,
	"PL0463": true, "EH0225": true, "PK0211": true, "EX0774": true, "TY0103": true, "DD0141": true}

// report shrinks what failed and prints it.
func (a *arena) report(seed int, node *fuzz.Node, v verdict, run func(string) verdict) {
	small := node
	if v.outcome != "refused" || a.opt.From == dialect.Oracle {
		small = fuzz.Shrink(node, envInt("GODWIT_FUZZ_TRIES", 150), func(n *fuzz.Node) bool {
			w := run(n.String())
			return w.outcome == v.outcome && w.code == v.code
		})
	}
	last := run(small.String())
	text := fmt.Sprintf("seed %d: %s: %s\n%s\nbecame\n%s", seed, last.outcome, last.why, small, last.target)
	if v.outcome == "wrong" {
		a.t.Error(text)
		return
	}
	a.t.Log(text)
}
