package migrate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/verify"
)

// TestTaskColumns decodes policies of single columns; null is a word here, not the lack of one.
func TestTaskColumns(t *testing.T) {
	const ends = "name: a\nsource: {url: 'mysql://u@h/d'}\ntarget: {url: 'postgres://u@h/d'}\n"
	task, err := ParseTask([]byte(ends + "values:\n  zero_dates: null\n  columns:\n    shop.orders.shipped: {zero_dates: 0001-01-01}\n    shop.orders.note:\n      nul: replace:?\n      invalid_text: replace\n"))
	if err != nil || task.Validate() != nil {
		t.Fatal(err, task.Validate())
	}
	want := change.Policy{ZeroDates: "null", NUL: "stop", InvalidText: "stop", Columns: map[string]change.Policy{
		"shop.orders.shipped": {ZeroDates: "0001-01-01"}, "shop.orders.note": {NUL: "replace:?", InvalidText: "replace"}}}
	if got := task.Values.Policy(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%+v", got)
	}
	for text, want := range map[string]string{
		"values: {zero_date: stop}":                        "line 4: field zero_date not found in values",
		"values:\n  columns:\n    a.b.c: {nil: x}":         "line 6: field nil not found in values.columns.a.b.c",
		"values: {columns: {a.b.c: strip}}":                "values.columns.a.b.c must be a mapping",
		"values: {columns: {a.b.c: {}, a.b.c: {}}}":        "a.b.c is given twice",
		"values: {columns: {a.b.c: {invalid_text: drop}}}": "values.columns.a.b.c: invalid_text: must be stop, except or replace",
		"values: {invalid_text: drop}":                     "values.invalid_text: must be",
	} {
		task, err := ParseTask([]byte(ends + text + "\n"))
		if err == nil {
			err = task.Validate()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestPoliciesOfATaskThatHasBegun may go from stop to something, not back and not elsewhere.
func TestPoliciesOfATaskThatHasBegun(t *testing.T) {
	table := tableOf("s", "t", []string{"id"}, col("id", tInt), col("d", types.Date{}), col("v", tText))
	at := func(v Values) *runner {
		task := Task{Name: "x", Values: v}
		task.Defaults()
		ct, err := change.NewTable(table)
		if err != nil {
			t.Fatal(err)
		}
		r := &runner{task: task, tables: []*change.Table{ct}}
		r.selection = fingerprint(&task, r.tables)
		return r
	}
	own := func(z string) Values {
		return Values{Columns: map[string]ColumnValues{"s.t.d": {ZeroDates: z}}}
	}
	both := own("0001-01-01")
	both.ZeroDates = "null"
	for _, c := range []struct {
		was, now Values
		ok       bool
	}{
		{Values{}, Values{NUL: "strip"}, true},
		{Values{NUL: "strip"}, Values{NUL: "strip", InvalidText: "replace", ZeroDates: "null"}, true},
		{Values{NUL: "strip"}, Values{}, false},
		{Values{NUL: "strip"}, Values{NUL: "replace:x"}, false},
		{Values{}, own("null"), true},
		{own("stop"), own("null"), true},
		{own("null"), Values{ZeroDates: "null"}, true}, // the same for the column, and other columns stopped
		{own("null"), Values{}, false},
		{own("null"), own("0001-01-01"), false},
		{Values{}, both, true},
		{both, Values{ZeroDates: "null"}, false},
	} {
		a, b := at(c.was), at(c.now)
		added, removed, err := b.differs(a.selection, false)
		if (err == nil) != c.ok || len(added)+len(removed) > 0 || err != nil && !errors.Is(err, ErrOtherTask) {
			t.Errorf("%+v to %+v: %v %v %v", c.was, c.now, added, removed, err)
		}
	}
	// Tasks of before there were policies of columns go on.
	if got := at(Values{}).selection; !strings.HasPrefix(got, selectionForm+short(`"stop" "stop"`)+"\n") || strings.Count(got, "\n") != 1 {
		t.Errorf("%q", got)
	}
}

// TestPoliciesKept tells a column that may have been renamed from one that was dropped.
func TestPoliciesKept(t *testing.T) {
	r := &runner{task: Task{Values: Values{Columns: map[string]ColumnValues{"s.t.d": {ZeroDates: "null"}}}}, log: slog.New(slog.DiscardHandler)}
	was := map[string][]string{"s.t": {"s.t.id", "s.t.d"}, "s.u": {"s.u.id"}}
	for _, c := range []struct {
		cols []*catalog.Column
		ok   bool
	}{
		{[]*catalog.Column{col("id", tInt)}, true},
		{[]*catalog.Column{col("id", tInt), col("d", types.Date{}), col("e", types.Date{})}, true},
		{[]*catalog.Column{col("id", tInt), col("e", types.Date{})}, false},
	} {
		ct, err := change.NewTable(tableOf("s", "t", []string{"id"}, c.cols...))
		if err != nil {
			t.Fatal(err)
		}
		r.tables = []*change.Table{ct}
		if err := r.policiesKept(was); (err == nil) != c.ok {
			t.Errorf("%v: %v", ct.Columns, err)
		}
	}
}

// badText are characters of each character set that servers store and that are no text. MariaDB alone stores surrogates
// in utf8.
var badText = []struct {
	charset, good, bad string
	want               string
	mariadb            bool
}{
	{"ascii", "41", "418042", "A\uFFFDB", false},
	{"latin1", "e9", "81", "\u0081", false}, // all of latin1 is text
	{"greek", "e1", "3fd2e1", "?\uFFFDα", false},
	{"hebrew", "e0", "bf", "\uFFFD", false},
	{"cp1250", "e9", "81", "\uFFFD", false},
	{"cp1257", "e0", "e081e0", "ą\uFFFDą", false},
	{"tis620", "a1", "dba1", "\uFFFDก", false},
	{"sjis", "835c", "b1854041eb40", "ｱ\uFFFDA\uFFFD", false},
	{"cp932", "835c", "8540835c", "\uFFFDソ", false},
	{"gbk", "8161", "61aaa18161", "a\uFFFD乤", false},
	{"gb2312", "b0a1", "a2a161", "\uFFFDa", false},
	{"big5", "a440", "a3c0a440", "\uFFFD一", false},
	{"euckr", "b0a1", "c9a1b0a1", "\uFFFD가", false},
	{"ucs2", "00e9", "0041d8000042", "A\uFFFDB", false},
	{"utf32", "000000e9", "0000d80000000042", "\uFFFDB", false},
	{"utf8mb3", "c3a9", "41eda08042", "A\uFFFDB", true},
	{"utf8mb4", "f09f9880", "eda0bdedb880", "\uFFFD\uFFFD", true},
}

// TestInvalidTextLoadAndStream has the same bytes in rows of the load and of the stream: both lanes make the same of them,
// and verification, which has its own way, agrees.
func TestInvalidTextLoadAndStream(t *testing.T) {
	eachFamily(t, allFamilies(), func(t *testing.T, r *rig) {
		mariadb := strings.HasPrefix(f(t), "mariadb")
		var tables []*catalog.Table
		var wants []string
		for i, b := range badText {
			if b.mariadb && !mariadb {
				continue
			}
			// Each in a table of its own, as VARCHAR, CHAR and TEXT.
			name := fmt.Sprintf("t%d", i)
			r.my("CREATE TABLE %s (id int primary key, v varchar(20) character set %s, c char(20) character set %s, l text character set %s)", name, b.charset, b.charset, b.charset)
			r.pg(fmt.Sprintf("CREATE TABLE %s (id int primary key, v varchar(20), c varchar(20), l text)", name))
			tables = append(tables, r.table(name, []string{"id"}, col("id", tInt), col("v", types.Text{N: 20, Charset: b.charset}),
				col("c", types.Text{N: 20, Fixed: true, Charset: b.charset}), col("l", types.Text{Charset: b.charset})))
			r.my("INSERT INTO %s VALUES (1, x'%s', x'%s', x'%s'), (2, x'%s', x'%s', x'%s'), (3, '?', '', NULL)", name, b.good, b.good, b.good, b.bad, b.bad, b.bad)
			wants = append(wants, b.want)
		}
		task := r.task()
		opts := Options{Tables: tables, Until: Until{Loaded: true}}
		if _, err := Run(context.Background(), task, opts); err == nil || !strings.Contains(err.Error(), "values.invalid_text") || !strings.Contains(err.Error(), `id="2"`) {
			t.Fatalf("the load goes on: %v", err)
		}
		task.Values.InvalidText = "replace" // a task that stopped goes on
		run(t, task, opts)
		for _, b := range tables {
			r.my("INSERT INTO %s SELECT id + 10, v, c, l FROM %s", b.Name, b.Name)
			r.my("UPDATE %s SET id = id + 20 WHERE id = 3", b.Name)
			r.my("UPDATE %s SET l = CONCAT(l, l) WHERE id = 12", b.Name)
		}
		opts.Until = Until{CaughtUp: true}
		run(t, task, opts)
		for i, b := range tables {
			want := fmt.Sprintf("2 %s %s %s\n12 %s %s %s", wants[i], wants[i], wants[i], wants[i], wants[i], wants[i]+wants[i])
			if got := r.dump("SELECT concat_ws(' ', id, v, c, l) FROM " + b.Name + " WHERE id IN (2, 12) ORDER BY id"); got != want {
				t.Errorf("%s: %q, want %q", b.Columns[1].Type, got, want)
			}
		}
		r.verified(task, tables)
		// What stands where the source has none is a difference, also the '?' that the server shows.
		r.pg("UPDATE t0 SET v = replace(v, U&'\\FFFD', '?') WHERE id = 2")
		if rep := r.verify(task, tables[:1]); rep.Tables[0].Mismatched != 1 {
			t.Errorf("a question mark is taken for invalid text: %+v", rep.Tables[0])
		}
	})
}

func (r *rig) verify(task Task, tables []*catalog.Table) *verify.Report {
	r.t.Helper()
	ctx := context.Background()
	ep, err := task.Source.Open()
	if err != nil {
		r.t.Fatal(err)
	}
	db, err := ep.OpenMySQL(ctx)
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	if ep, err = task.Target.Open(); err != nil {
		r.t.Fatal(err)
	}
	pool, err := ep.OpenPostgres(ctx, 8)
	if err != nil {
		r.t.Fatal(err)
	}
	defer pool.Close()
	rep, err := verify.Run(ctx, db, pool, tables, verify.Options{Values: verify.Values(task.Values.Policy())})
	if err != nil {
		r.t.Fatal(err)
	}
	return rep
}

func (r *rig) verified(task Task, tables []*catalog.Table) {
	r.t.Helper()
	for _, x := range r.verify(task, tables).Tables {
		if x.State != verify.Verified {
			r.t.Errorf("%+v", x)
		}
	}
}

// TestColumnPolicies has columns of one table with different policies, in the load and in the stream.
func TestColumnPolicies(t *testing.T) {
	eachFamily(t, allFamilies(), func(t *testing.T, r *rig) {
		r.db.SetMaxOpenConns(1)
		r.my("SET SESSION sql_mode = ''")
		r.my("CREATE TABLE a (id int primary key, d date, e datetime NOT NULL, v varchar(20), w varchar(20), x varchar(20) character set greek, y varchar(20) character set greek)")
		r.pg("CREATE TABLE a (id int primary key, d date, e timestamp NOT NULL, v varchar(20), w varchar(20), x varchar(20), y varchar(20))")
		greek := types.Text{N: 20, Charset: "greek"}
		a := r.table("a", []string{"id"}, col("id", tInt), col("d", types.Date{}), &catalog.Column{Name: "e", Target: "e", Type: types.DateTime{}},
			col("v", types.Text{N: 20, Charset: "utf8mb4"}), col("w", types.Text{N: 20, Charset: "utf8mb4"}), col("x", greek), col("y", greek))
		tables := []*catalog.Table{a}
		task := r.task()
		own := func(column string, v ColumnValues) { task.Values.Columns[r.schema+".a."+column] = v }
		task.Values.Columns = map[string]ColumnValues{}
		own("e", ColumnValues{ZeroDates: "null"})
		if _, err := Run(context.Background(), task, Options{Tables: tables}); err == nil || !strings.Contains(err.Error(), "values.columns."+r.schema+".a.e: zero_dates: null is not possible") {
			t.Errorf("null for a column that is NOT NULL: %v", err)
		}
		own("d", ColumnValues{ZeroDates: "null"})
		own("e", ColumnValues{ZeroDates: "0001-01-01"})
		own("v", ColumnValues{NUL: "strip"})
		own("w", ColumnValues{NUL: "replace:?!"})
		own("x", ColumnValues{InvalidText: "replace"})
		row := "'0000-00-00', '2026-00-12 01:02:03', CONCAT('a', CHAR(0), 'b'), CONCAT('a', CHAR(0), 'b'), x'41d242'"
		r.my("INSERT INTO a VALUES (1, %s, 'y'), (2, '2026-01-01', '2026-01-01', '', NULL, 'x', NULL)", row)
		run(t, task, Options{Tables: tables, Until: Until{Loaded: true}})
		r.my("INSERT INTO a VALUES (3, %s, 'y')", row)
		r.my("UPDATE a SET d = '0000-00-00', e = '0000-00-00', v = CONCAT(CHAR(0), 'n'), w = CHAR(0), x = x'aed2' WHERE id = 2")
		run(t, task, Options{Tables: tables, Until: Until{CaughtUp: true}})
		const same = " NULL 0001-01-01 00:00:00 ab a?!b A\uFFFDB y"
		if got, want := r.dump("SELECT concat_ws(' ', id, coalesce(d::text, 'NULL'), e, v, w, x, y) FROM a ORDER BY id"), "1"+same+"\n2 NULL 0001-01-01 00:00:00 n ?! \uFFFD\uFFFD\n3"+same; got != want {
			t.Errorf("%q, want %q", got, want)
		}
		r.verified(task, tables)
		r.my("UPDATE a SET y = x'd2' WHERE id = 1")
		_, err := Run(context.Background(), task, Options{Tables: tables, Until: Until{CaughtUp: true}})
		for _, want := range []string{r.schema + ".a", "column y", `id="1"`, "values.invalid_text"} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("the stream's error lacks %q: %v", want, err)
			}
		}
		own("y", ColumnValues{InvalidText: "replace"})
		run(t, task, Options{Tables: tables, Until: Until{CaughtUp: true}})
		r.verified(task, tables)
		own("y", ColumnValues{InvalidText: "stop"})
		if _, err := Run(context.Background(), task, Options{Tables: tables, Until: Until{CaughtUp: true}}); !errors.Is(err, ErrOtherTask) || !strings.Contains(err.Error(), "a.y") {
			t.Errorf("back to stop: %v", err)
		}
	})
}
